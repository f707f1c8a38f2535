import {
  demandAllowance,
  MillraceError,
  refilled,
  span,
  TIME_BUDGETS,
  within,
  type Allowance,
  type Budget,
  type Clock,
  type Leave,
  type Registry,
  type RegistryItem,
  type Shares,
} from "@millrace/core";
import { ENGINE_MS_PER_MINUTE } from "./limits.ts";

/** One project's item: who asks right now, and what is left of its time. */
interface Item {
  /** Ends of the leases that run, by id, milliseconds UTC: a process that was killed gives its place back by the clock. */
  readonly leases: Readonly<Record<string, number>>;
  readonly allowance: Allowance;
}

export interface RegistrySharesOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Makes the id of a lease. */
  readonly newId: () => string;
  /** Requests of one project at a time, over all processes. Default 10: a fifth of the fifty a stage reserves. */
  readonly atOnce?: number;
  readonly perMinuteMs?: number;
  /** A lease ends by itself after this: a little more than a request can take. Default 35 s. */
  readonly leaseMs?: number;
  /** The registry's time to enter or to leave. Beyond it the question is let through. Default: that of one request. */
  readonly timeMs?: number;
}

/**
 * Shares that hold across processes, in one registry item per project changed under its version. They guard the others from one
 * project; they are not worth an answer. So they fail open: a registry that is slow, down or too contended lets the question
 * through (the key was checked before, and that fails closed). A question then runs unpaid, and the store's own limits hold.
 */
export function createRegistryShares(options: RegistrySharesOptions): Shares {
  const { registry, clock, newId } = options;
  const { atOnce = 10, leaseMs = 35_000, timeMs = TIME_BUDGETS.registry } = options;
  const keyOf = (project: string) => ({ partition: `share:${project}`, sort: "queries" });
  /** Reads, changes and writes the item until nobody came in between. @throws what `change` throws */
  const update = async (
    { project, perMinuteMs }: Sharer,
    change: (item: Item) => Item,
    known?: RegistryItem<Item>,
  ): Promise<Changed> => {
    const key = keyOf(project);
    let found = known;
    for (let tries = 0; tries < TRIES; tries++) {
      found ??= await registry.get<Item>(key);
      const now = clock.now();
      const item = change({
        leases: running(found?.value.leases ?? {}, now),
        allowance: refilled(found?.value.allowance, now, perMinuteMs),
      });
      // A minute after the last lease the bucket is full and nobody asks: as if the item had never been.
      const expiresAt = now + leaseMs + Math.max(60_000, (1 - item.allowance.leftMs / perMinuteMs) * 60_000);
      const version = found?.version;
      const written = await registry.put(key, item, { if: version ?? "absent", expiresAt });
      if (written) return { item, written: { key, value: item, version: (version ?? 0) + 1, expiresAt } };
      found = undefined;
    }
    throw new Error(`The share of a project changed ${TRIES} times while it was being written.`);
  };

  return {
    enter: (project, perMinuteMs = options.perMinuteMs ?? ENGINE_MS_PER_MINUTE) =>
      span("registry.share", undefined, async (): Promise<Leave> => {
        const id = newId();
        const sharer = { project, perMinuteMs };
        const full: Budget = { perMinuteMs, leftMs: perMinuteMs };
        const entering = () =>
          update(sharer, ({ leases, allowance }) => {
            demandAllowance({ perMinuteMs, leftMs: allowance.leftMs });
            if (Object.keys(leases).length >= atOnce) throw tooMany(atOnce);
            return { leases: { ...leases, [id]: clock.now() + leaseMs }, allowance };
          });
        const entered = await openOnFailure(entering, timeMs);
        if (!entered) return { budget: full, leave: async () => full };
        return {
          budget: { perMinuteMs, leftMs: entered.item.allowance.leftMs },
          leave: async (engineMs) => {
            const leaving = () =>
              update(
                sharer,
                ({ leases, allowance }) => {
                  const { [id]: _, ...others } = leases;
                  return { leases: others, allowance: { ...allowance, leftMs: allowance.leftMs - engineMs } };
                },
                entered.written,
              );
            const left = await openOnFailure(leaving, timeMs);
            return { perMinuteMs, leftMs: left?.item.allowance.leftMs ?? perMinuteMs };
          },
        };
      }),
  };
}

interface Sharer {
  readonly project: string;
  readonly perMinuteMs: number;
}

interface Changed {
  readonly item: Item;
  readonly written: RegistryItem<Item>;
}

const TRIES = 5;

function running(leases: Item["leases"], now: number): Item["leases"] {
  return Object.fromEntries(Object.entries(leases).filter(([, until]) => until > now));
}

/** Undefined when the registry failed or took too long. A refusal is no failure. */
async function openOnFailure(work: () => Promise<Changed>, budgetMs: number): Promise<Changed | undefined> {
  try {
    return await within(budgetMs, "The registry", work);
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === "RateLimitExceeded") throw thrown;
    return undefined;
  }
}

function tooMany(atOnce: number): MillraceError {
  return new MillraceError(
    "RateLimitExceeded",
    `${atOnce} requests of this project are being answered at this moment, and that is its share. Ask fewer at a time, or several questions in one request: queries/batch.`,
    { retryAfterSeconds: 2 },
  );
}
