import {
  appOf,
  createAccess,
  createCatalogue,
  createDeletions,
  createEmbeds,
  createRegistryShares,
  createRegistryVersions,
  createTombstones,
  systemClock,
  systemRandom,
  versioned,
  type Access,
  type Deletions,
  type DocumentedRoute,
  type Route,
} from "@millrace/access";
import { fairSource, type EventEraser, type Queue, type Registry } from "@millrace/core";
import { checkProperties, COLLECT_ROUTES } from "@millrace/ingest";
import { createSending, type Ledger } from "@millrace/ops";
import { createQueryApp, createStored, readEmbedClaims, readForcedFilters } from "@millrace/query";
import { createSqsQueue } from "@millrace/queue/sqs";
import type { Hono } from "hono";
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { optionalSetting, setting } from "../config.ts";
import { createDeadCounts } from "../dead-letters/dead-counts.ts";
import { openLedger, statsWithAge } from "../ledger.ts";
import { openGroups } from "../registry/groups.ts";
import { openRegistry } from "../registry/open-registry.ts";
import { openSqs } from "../sqs/open-sqs.ts";
import { openStore } from "../store.ts";
import { viewerAddress } from "./origin.ts";
import { inExecution, MAX_ANSWER_BYTES, neverCached, reported, serve, timeLeft } from "./serve.ts";

/** Routes beside those of the API that a function serves. */
export interface More {
  readonly routes: (parts: {
    readonly api: Hono;
    readonly access: Access;
    readonly store: Pick<EventEraser, "countWhere">;
    readonly deletions: Deletions;
    readonly queue: Pick<Queue, "stats">;
    readonly registry: Registry;
    readonly ledger: Ledger;
  }) => readonly Route[];
  /** What the document of `query` tells of beside the API. */
  readonly documented?: readonly DocumentedRoute[];
}

/** Of one process: a batch asks four at a time. */
const AT_ONCE = 8;

/**
 * The query API as a function. Two serve it, under roles of their own: `query` what reads, `manage` what the master key changes
 * (stacks/api.ts says which requests go where). What the role of `query` does not allow cannot be done through it, whatever the code says.
 */
export function serveApi(name: "query" | "manage", more: More) {
  const clock = systemClock;
  const { registry, counters } = openRegistry();
  const store = openStore(clock, registry);
  const queue = createSqsQueue({
    client: openSqs(),
    url: setting("SQS_QUEUE_URL"),
    deadLetterUrl: setting("SQS_DEAD_LETTER_URL"),
  });
  const ledger = openLedger({ store, counters, dead: createDeadCounts(registry), registry });
  const versions = createRegistryVersions({ registry, clock });
  const embeds = createEmbeds({ registry, clock, random: systemRandom, readClaims: readEmbedClaims });
  const access = createAccess({ registry, clock, random: systemRandom, readFilters: readForcedFilters, embeds });
  const deletions = createDeletions({
    tombstones: createTombstones({ registry, clock, random: systemRandom }),
    store: versioned(store, versions),
    clock,
    wait,
  });
  const { routes, app } = createQueryApp({
    access,
    embeds: { ...embeds, audit: access.audit },
    addressOf: viewerAddress,
    source: fairSource(store, { atOnce: AT_ONCE }),
    catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
    ledger,
    clock,
    stored: createStored({ registry, clock }),
    sending: {
      ...createSending({ registry, clock, random: systemRandom }),
      possible: { mail: optionalSetting("MAIL_FROM") !== undefined, allowPrivate: false },
    },
    deletions,
    checkAutofill: checkProperties,
    rejected: { source: store, queue },
    documented: [...Object.values(COLLECT_ROUTES), ...(more.documented ?? [])],
    queue: { stats: () => statsWithAge(queue, registry, clock.now()) },
    versions,
    shares: createRegistryShares({ registry, clock, newId: randomUUID }),
    timeLeft,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  return serve(
    appOf([...routes, ...more.routes({ api: app, access, store, deletions, queue, registry, ledger })], reported, [
      neverCached,
      inExecution(name),
    ]),
  );
}
