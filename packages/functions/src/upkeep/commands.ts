import { readDeletion, type Deletions, type Projects } from "@millrace/access";
import { isObject, type Clock } from "@millrace/core";
import { label, type SourceSummary } from "@millrace/monitor";
import type { MigrationStep, OpenSearchStore, StoreHealth } from "@millrace/store-opensearch";
import * as z from "zod";
import { eachStep } from "./each-step.ts";

export interface UpkeepParts {
  readonly store: Pick<OpenSearchStore, "countWhere" | "health" | "migrateStep" | "prepare">;
  readonly projects: Pick<Projects, "get">;
  readonly clock: Clock;
  readonly deletions: Pick<Deletions, "sweepOpen">;
  /** Deletes the salts that are over. */
  readonly purgeSalts: () => Promise<void>;
  /** What is done daily and in each deploy. */
  readonly round: () => Promise<void>;
}

/** Of the time that is left, for a partition's copy or the events of a deletion; the rest is for what follows. */
const STEP_SHARE = 0.8;

const text = z.string().optional();
const command = z.discriminatedUnion("action", [
  z.strictObject({ action: z.enum(["health", "migrate", "remake", "deletions"]) }),
  z.strictObject({
    action: z.literal("count-events"),
    project: z.string(),
    visitor: text,
    collection: text,
    from: text,
    to: text,
  }),
]);

/** Less than the ten minutes in which it is called again. */
const DELETIONS_MS = 8 * 60_000;

/**
 * By `aws lambda invoke`: `{"action":"health"}` says what is wrong with the store; `{"action":"migrate"}` brings one partition to the
 * mapping of this version, or goes on with one whose copy was not done yet, called again until `done`; `{"action":"remake"}` is for a
 * new domain in place of one that was lost: without it no index of a month that has begun is made. `{"action":"deletions"}` is the
 * schedule's, every ten minutes: salts whose 48 hours are over, and what is left of large deletions. `{"action":"count-events", …}` says how many a deletion would take. What the daily schedule and the deploy send has no action: the round.
 * @param leftMs until the platform ends this process
 * @throws ZodError naming what is wrong with a command
 */
export async function answerUpkeep(
  { store, projects, clock, deletions, purgeSalts, round }: UpkeepParts,
  event: unknown,
  leftMs: number,
): Promise<StoreHealth | MigrationStep | { readonly events: number } | void> {
  if (!isCommand(event)) return round();
  const asked = command.parse(event);
  const { action } = asked;
  if (action === "count-events") {
    const { action: _, ...request } = asked;
    return { events: await store.countWhere(await readDeletion(projects, request, clock.now())) };
  }
  if (action === "deletions") {
    const deadline = clock.now() + Math.min(DELETIONS_MS, leftMs * STEP_SHARE);
    return eachStep([
      purgeSalts,
      async () => {
        const { events, open } = await deletions.sweepOpen({ deadline });
        label("deletions.events", events);
        label("deletions.open", open);
      },
    ]);
  }
  if (action === "health") return store.health();
  await store.prepare({ remake: action === "remake" });
  if (action === "remake") return store.health();
  const step = await store.migrateStep(clock.now() + leftMs * STEP_SHARE);
  label("migration.partitions", step.migrated.map(({ partition }) => partition).join(" "));
  label("migration.copying", step.copying ?? "");
  return step;
}

/** What the execution of an upkeep says of why it ran. */
export function sourceOfUpkeep(event: unknown): SourceSummary {
  if (!isCommand(event)) return { kind: "schedule", name: "upkeep" };
  const { success, data } = command.safeParse(event);
  return { kind: "command", name: success ? data.action : "unknown" };
}

function isCommand(event: unknown): event is { readonly action: unknown } {
  return isObject(event) && "action" in event;
}
