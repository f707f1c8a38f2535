import type { MonthlyLoad, Nodes } from "./cost.ts";
import { HOURS_PER_MONTH } from "./prices.ts";

/** What decides how often the collector is called. */
export interface Feed {
  readonly requests: number;
  /** Seconds a batch is gathered for. */
  readonly windowSeconds: number;
}

export interface StageLoad {
  /** Events recorded in a month. */
  readonly events: number;
  readonly eventsPerRequest: number;
  /** Dashboard pages in front at all times ({@link OPEN_PAGE}). */
  readonly openPages: number;
  /** Cached queries, and values of datasets in use; the latter are refreshed most often, every 40 minutes. */
  readonly keptAnswers: number;
  readonly windowSeconds: number;
  readonly nodes: Nodes;
  readonly diskGb: number;
  readonly alarms: number;
  readonly firewall: boolean;
  readonly archive: boolean;
}

const MINUTES = HOURS_PER_MONTH * 60;
const SECONDS = MINUTES * 60;
/** Pollers of an event-source mapping, and how long each waits for a message. */
const POLLERS = 5;
const IDLE_POLL_SECONDS = 20;
const COLLECTING_SECONDS = 10;
/** stacks/refresh.ts, stacks/upkeep.ts; and when the value of a dataset is due again (packages/query/src/stored/kept). */
const ROUND_MINUTES = 10;
const REFRESH_MINUTES = 40;
/** A poller hands over at most so many messages at once. */
const BATCH = 100;
/** Measured with the real collector on OpenSearch 3.7 (docs/scale.md). */
const BATCH_SECONDS = 0.031;
const EVENT_SECONDS = 0.00087;
const BYTES_PER_EVENT = 500;
/** Of the archive's objects, which are packed again. */
const ARCHIVED_BYTES_PER_EVENT = 160;
const KEPT_MONTHS = 4;
/** The tracker sends page views with what follows them; a request in two holds one. */
const PAGE_VIEW_SHARE = 0.5;

/**
 * What a page in front asks each minute while nobody touches it, over a site that has visitors around the clock. Every 20 seconds it
 * makes one request: for the version, and after a new one for all that the present moment is part of. Its rules:
 * web/src/state/renewal.ts and web/src/panels/use-renewal.ts.
 */
const OPEN_PAGE = { beatsPerMinute: 1.5, batchesPerMinute: 1.5, batchSeconds: 0.15 } as const;

/**
 * Invocations of the collector in a month: each of the pollers gathers for a window from its first message on, so at low rates every
 * message is a call of its own, and at high ones each poller makes one call a window.
 */
export function collectorCalls({ requests, windowSeconds }: Feed): number {
  const rate = requests / SECONDS;
  const perPoller = rate / POLLERS;
  const calls = (rate / (1 + perPoller * windowSeconds)) * SECONDS;
  return Math.max(calls, requests / BATCH);
}

/** The month of a stage from a few numbers, everything else as stacks/ deploys it and as it was measured. */
export function loadOf(stage: StageLoad): MonthlyLoad {
  const requests = stage.events / stage.eventsPerRequest;
  const calls = collectorCalls({ requests, windowSeconds: stage.windowSeconds });
  const beats = stage.openPages * OPEN_PAGE.beatsPerMinute * MINUTES;
  const queries = stage.openPages * OPEN_PAGE.batchesPerMinute * MINUTES;
  const rounds = MINUTES / ROUND_MINUTES;
  return {
    requests,
    pageViewShare: PAGE_VIEW_SHARE,
    messageBytes: BYTES_PER_EVENT * stage.eventsPerRequest,
    ingestSeconds: 0.03,
    // Never more often than requests come, and never more often than each second.
    totals: Math.min(requests, SECONDS),
    collectorCalls: calls,
    // A process for each poller, and never more often than it is called.
    collecting: Math.min(calls, (POLLERS * SECONDS) / COLLECTING_SECONDS),
    collectorSeconds: calls * BATCH_SECONDS + stage.events * EVENT_SECONDS,
    // Of the events' queue, and of that of lines that could not be kept.
    idleReceives: (2 * POLLERS * SECONDS) / IDLE_POLL_SECONDS,
    beats,
    queries,
    rounds,
    // Of each function's log. That CloudWatch gathers for a second is assumed: it says only that it does gather.
    forwards: [requests, calls, beats + queries, 2 * rounds].reduce((sum, runs) => sum + Math.min(runs, SECONDS), 0),
    refreshes: stage.keptAnswers * (MINUTES / REFRESH_MINUTES),
    querySeconds: OPEN_PAGE.batchSeconds,
    nodes: [stage.nodes],
    diskGb: stage.diskGb,
    warmGb: 0,
    // The event-source mapping's own count, and what the stage measures itself.
    metrics: 7,
    alarms: stage.alarms,
    firewall: stage.firewall,
    archive: stage.archive,
    archiveGb: (stage.events * ARCHIVED_BYTES_PER_EVENT * KEPT_MONTHS) / 1e9,
  };
}
