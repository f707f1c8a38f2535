import type { Clock, MetricPlan } from "@millrace/core";
import type { Driver } from "../driver.ts";
import { createCommits, type Commits } from "./commits.ts";
import { createKept } from "./kept.ts";
import { questionOf } from "./question.ts";
import { createReader, type Reader } from "./reader.ts";
import { spansOf } from "./spans.ts";

export { touchedAll, touchedBy } from "./touched.ts";
export type { Reader } from "./reader.ts";

/** Whether a question can be answered from parts at all. */
export function hasParts(plan: MetricPlan): boolean {
  return questionOf(plan) !== undefined && spansOf(plan) !== undefined;
}

/**
 * What the days of a question came to, kept in memory until something of them changes: a dashboard asks the same of the same days every
 * minute. See docs/decisions/0031-what-a-day-came-to.md.
 */
export interface KeptParts {
  /** Everything that changes events goes through this. */
  readonly during: Commits["during"];
  /** As the driver's, with a reader that knows what is kept. */
  snapshot<T>(work: (reader: Reader) => Promise<T>, options?: Parameters<Driver["snapshot"]>[1]): Promise<T>;
  readonly bytes: number;
}

export interface KeptPartsOptions {
  readonly snapshot: Driver["snapshot"];
  readonly maxBytes: number;
  readonly clock: Clock;
}

export function createKeptParts({ snapshot, maxBytes, clock }: KeptPartsOptions): KeptParts {
  if (maxBytes === 0) return keptNowhere(snapshot);
  const kept = createKept({ maxBytes, clock });
  const commits = createCommits((touched) => kept.drop(touched));
  return {
    during: (touched, write) => commits.during(touched, write),
    snapshot: async (work, options) => {
      const look = commits.look();
      try {
        return await snapshot((read) => work(createReader(read, look, kept)), options);
      } finally {
        look.close();
      }
    },
    get bytes() {
      return kept.bytes;
    },
  };
}

function keptNowhere(snapshot: Driver["snapshot"]): KeptParts {
  return {
    during: (_, write) => write(),
    snapshot: (work, options) => snapshot((read) => work({ read, answer: async () => undefined }), options),
    bytes: 0,
  };
}
