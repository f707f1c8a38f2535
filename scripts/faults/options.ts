import { parseArgs, type ParseArgsConfig } from "node:util";
import { mistake, numberOf } from "../command.ts";
import { FAULTS, type FaultKind } from "./kinds.ts";

export const USAGE = `npm run faults          a campaign against the whole product: every acknowledged event is looked for at its end

  --long               1,000,000 acknowledged events, 20 kills, 5 outages. Default: 20,000 events, 3 kills, 1 outage
  --opensearch own     keep the events in an OpenSearch node started for it. Default: the embedded DuckDB
  --opensearch URL     keep them in this OpenSearch, under a prefix of its own that is removed at the end
  --events N           end after N acknowledged events and all faults
  --kills N            how often the process is killed
  --outages N          how often the store is gone
  --neighbours N       how often each fault that must stay local comes alone, beside a calm part as long. Default: 2; long: 4
  --only KINDS         nothing but these faults, such as hostile,garbage
  --rate N             events a second that the fleet sends, all projects together
  --seed N             the same plan again. Default: a new one, printed
  --keep               leave the data folder, and say where it is
  --help

The last line is the result; the exit code is 0 when it held.`;

/** What a campaign is to do. */
export interface Options {
  readonly events: number;
  readonly kills: number;
  readonly outages: number;
  /** How often each of the other faults comes. */
  readonly rounds: number;
  /** How often each local fault comes alone, to be compared with the calm part before it. */
  readonly neighbours: number;
  /** Absent: all kinds. */
  readonly only?: readonly FaultKind[];
  /** Events a second, all projects together. */
  readonly rate: number;
  readonly seed: number;
  /** `own`: a node started for the campaign, which can be killed; else the address of one; absent: DuckDB. */
  readonly openSearch?: string;
  readonly keep: boolean;
}

const KINDS = Object.keys(FAULTS) as FaultKind[];
const SHORT = { events: 20_000, kills: 3, outages: 1, rounds: 1, neighbours: 2, rate: 400 };
/** About half of what two cores take: where they have no room, whatever comes on top waits without end, whosever it is. */
const LONG = { events: 1_000_000, kills: 20, outages: 5, rounds: 3, neighbours: 4, rate: 1_250 };

/** As Node's `parseArgs` takes it. */
export const CONFIG = {
  options: {
    long: { type: "boolean", default: false },
    opensearch: { type: "string" },
    events: { type: "string" },
    kills: { type: "string" },
    outages: { type: "string" },
    neighbours: { type: "string" },
    only: { type: "string" },
    rate: { type: "string" },
    seed: { type: "string" },
    keep: { type: "boolean", default: false },
  },
} as const satisfies ParseArgsConfig;

type Values = ReturnType<typeof parseArgs<typeof CONFIG>>["values"];

/**
 * @param freshSeed used when none is asked for
 * @throws by `mistake` naming the option and what it may be
 */
export function optionsOf(values: Values, freshSeed: number): Options {
  const defaults = values.long ? LONG : SHORT;
  const { opensearch } = values;
  if (opensearch !== undefined && opensearch !== "own" && !URL.canParse(opensearch)) {
    mistake(`--opensearch is "${opensearch}"; it must be "own" or a URL such as http://127.0.0.1:9200.`);
  }
  const number = (
    name: "events" | "kills" | "outages" | "neighbours" | "rate" | "seed",
    otherwise: number,
    least: number,
  ) => numberOf(name, values[name] ?? String(otherwise), { least, whole: true });
  return {
    events: number("events", defaults.events, 1),
    kills: number("kills", defaults.kills, 0),
    outages: number("outages", defaults.outages, 0),
    rounds: defaults.rounds,
    neighbours: number("neighbours", defaults.neighbours, 0),
    ...(values.only !== undefined && { only: kindsOf(values.only) }),
    rate: number("rate", defaults.rate, 1),
    seed: number("seed", freshSeed, 0),
    ...(opensearch !== undefined && { openSearch: opensearch }),
    keep: values.keep,
  };
}

/** The command that makes the same plan again: every option that it depends on. */
export function commandOf(options: Options): string {
  const { events, kills, outages, rounds, neighbours, only, rate, seed, openSearch } = options;
  const numbers = { events, kills, outages, neighbours, rate, seed };
  const words = Object.entries(numbers).map(([name, value]) => `--${name} ${value}`);
  if (rounds === LONG.rounds) words.unshift("--long");
  if (only) words.push(`--only ${only.join(",")}`);
  if (openSearch !== undefined) words.push(`--opensearch ${openSearch}`);
  return `npm run faults -- ${words.join(" ")}`;
}

function kindsOf(text: string): FaultKind[] {
  return text.split(",").map((name) => {
    const kind = KINDS.find((each) => each === name);
    return kind ?? mistake(`--only names "${name}"; the faults are ${KINDS.join(", ")}.`);
  });
}
