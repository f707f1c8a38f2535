import { parseArgs } from "node:util";
import { OURS, type Kind } from "./questions/index.ts";

const STORES = ["duckdb", "opensearch"] as const;
type StoreName = (typeof STORES)[number];

export interface Options {
  readonly sizes: readonly number[];
  readonly stores: readonly StoreName[];
  readonly kinds: readonly Kind[];
  /** Times that each question is asked each way; the median counts. */
  readonly runs: number;
  /** Where loaded events are kept for the next run. Absent: nowhere. */
  readonly data: string | undefined;
}

const KINDS = Object.keys(OURS) as Kind[];
const USAGE = `npm run bench -- query [EVENTS…] [options]

  EVENTS            a thousand to a million, or whole millions. Default 1000000
  --store NAME      duckdb or opensearch. Default: both
  --only QUESTION   may come several times. Default: all of these
                      ${KINDS.join("\n                      ")}
  --runs N          times each question is asked each way. Default 7
  --data FOLDER     keeps the loaded events there, for the next run

BENCH_HEAP is OpenSearch's heap, 2g where it is not set.`;

/** The command line; ends the process with the usage where it is not understood. */
export function readOptions(): Options {
  const { values, positionals } = parsed();
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const sizes = positionals.length > 0 ? positionals.map(Number) : [1_000_000];
  const runs = Number(values.runs);
  const kinds = KINDS.filter((kind) => values.only?.includes(kind) ?? true);
  const stores = STORES.filter((name) => values.store?.includes(name) ?? true);
  if (!sizes.every(isSize)) refuse("EVENTS is a thousand to a million, or whole millions.");
  if (!Number.isInteger(runs) || runs < 1) refuse("--runs is a whole number from 1.");
  if (values.only && kinds.length < values.only.length) refuse("--only is one of the questions, once.");
  if (values.store && stores.length < values.store.length) refuse("--store is duckdb or opensearch.");
  return { sizes, stores, kinds, runs, data: values.data };
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean" },
        store: { type: "string", multiple: true },
        only: { type: "string", multiple: true },
        runs: { type: "string", default: "7" },
        data: { type: "string" },
      },
    });
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function isSize(size: number): boolean {
  return Number.isInteger(size) && size >= 1_000 && (size <= 1_000_000 || size % 1_000_000 === 0);
}

function refuse(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}
