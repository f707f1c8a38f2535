import { setTimeout as delay } from "node:timers/promises";
import { ask } from "../product/api.ts";
import type { Moment, Samples } from "./samples.ts";
import { COLLECTION, type Sender } from "./senders.ts";
import type { Tenant } from "./tenants.ts";

export interface ProbeParts {
  readonly base: string;
  readonly tenant: Tenant;
  readonly sender: Sender;
  /** What is being done to the product. */
  readonly moment: () => Moment;
  readonly lag: Samples;
  readonly latency: Samples;
  readonly isOver: () => boolean;
}

const EVERY_MS = 400;
const LOOK_EVERY_MS = 60;

/**
 * One user of a project who records something and looks for it: how long it takes from the yes to the first answer that holds
 * it, and how long each question takes. A sample counts for the
 * phase in which it began: one that outlasts its phase must not be forgotten.
 */
export async function probe(parts: ProbeParts): Promise<void> {
  const { base, tenant, sender, moment, lag, latency, isOver } = parts;
  while (!isOver()) {
    const number = tenant.book.made();
    await sender.send(1);
    await sender.drain(isOver);
    const accepted = performance.now();
    const during = moment();
    while (!isOver()) {
      const asked = performance.now();
      const then = moment();
      const filters = [{ property_name: "n", operator: "eq", property_value: number }];
      const found = await ask(base, tenant, "count", { event_collection: COLLECTION, filters }, 30_000);
      if (found !== undefined) latency.add(tenant.name, then, performance.now() - asked);
      if (found === 1) break;
      await delay(LOOK_EVERY_MS);
    }
    if (!isOver()) lag.add(tenant.name, during, performance.now() - accepted);
    await delay(EVERY_MS);
  }
}
