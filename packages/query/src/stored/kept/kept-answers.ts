import { createErasures } from "@millrace/access";
import type { Clock, Registry, RegistryKey } from "@millrace/core";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Answered } from "../../answer/outcome.ts";

/** An answer, and the instant it is about: what was stored until then is in it. */
interface KeptAnswer {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly answered: Answered;
}

/**
 * Answers that outlive the process that computed them. A key must hold all that decides an answer: see `keyOf`.
 */
export interface KeptAnswers {
  /** Undefined also for one that may show what was deleted since. */
  get(project: string, key: string): Promise<KeptAnswer | undefined>;
  /**
   * @param expiresAt milliseconds UTC
   * @returns false for one that is too large to be kept
   */
  put(project: string, key: string, answer: KeptAnswer, expiresAt: number): Promise<boolean>;
}

/** Packed, in characters: an item of DynamoDB takes 400 KB. About two megabytes of JSON, some ten thousand groups. */
const MOST_CHARS = 300_000;
/** What was deleted can be found by questions for so long (refresh of an index, and clocks that differ). */
const ERASED_MS = 15_000;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

interface Packed {
  readonly at: number;
  /** JSON, gzip, base64. */
  readonly gz: string;
}

/** In the registry, one item each: SQLite on one machine, DynamoDB on AWS. */
export function createKeptAnswers({ registry, clock }: { registry: Registry; clock: Clock }): KeptAnswers {
  const erasures = createErasures({ registry, clock });
  return {
    async get(project, key) {
      const [item, erasedAt] = await Promise.all([registry.get<Packed>(keyOf(project, key)), erasures.last(project)]);
      if (!item || (erasedAt !== undefined && item.value.at < erasedAt + ERASED_MS)) return undefined;
      const { at, gz } = item.value;
      const json = await unpack(Buffer.from(gz, "base64"));
      return { at, answered: JSON.parse(json.toString()) as Answered };
    },
    async put(project, key, { at, answered }, expiresAt) {
      const gz = (await pack(JSON.stringify(answered))).toString("base64");
      if (gz.length > MOST_CHARS) return false;
      await registry.put<Packed>(keyOf(project, key), { at, gz }, { expiresAt });
      return true;
    },
  };
}

function keyOf(project: string, key: string): RegistryKey {
  return { partition: `answer:${project}`, sort: key };
}
