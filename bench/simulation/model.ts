/** The collector's side of a deployed stage, in the numbers that decide how far it falls behind. */
export interface Pipeline {
  /** Collectors that run at once: the mapping's maximum concurrency. */
  readonly collectors: number;
  /** Messages of one batch at most. */
  readonly batchMessages: number;
  /** Seconds Lambda gathers messages for before it hands a batch over. */
  readonly windowSeconds: number;
  /** Seconds of one batch that do not depend on its size: the invocation, the store's round trips. */
  readonly secondsPerBatch: number;
  /** Seconds per event: decoding, enrichment, its share of the store's work. */
  readonly secondsPerEvent: number;
  /** Events per second that the store takes from all collectors together. */
  readonly storeEventsPerSecond: number;
}

export interface Traffic {
  readonly seconds: number;
  readonly eventsPerMessage: number;
  /** Events per second at a moment; not a whole number. */
  eventsPerSecond(second: number): number;
  /** False while the store takes nothing. */
  storeIsUp(second: number): boolean;
}

export interface Run {
  readonly events: number;
  readonly messages: number;
  readonly invocations: number;
  readonly billedSeconds: number;
  readonly peakBacklogMessages: number;
  /** Seconds from acceptance to storage: the worst, and what 99 % of events are below. */
  readonly lagSeconds: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly notStoredAtEnd: number;
}

/**
 * Plays the traffic second by second: a first-in-first-out queue, collectors that take what has gathered, each second as much as
 * collectors and store allow. No randomness: the same input gives the same output. A second is the unit, so a lag is never shown
 * below the window.
 */
export function simulate(pipeline: Pipeline, traffic: Traffic): Run {
  /** Messages waiting, by the second they arrived in; `head` is the oldest second that still has some. */
  const waiting = new Float64Array(traffic.seconds);
  const lags = new Map<number, number>();
  let head = 0;
  let backlog = 0;
  let peak = 0;
  let messages = 0;
  let invocations = 0;
  let billed = 0;

  for (let now = 0; now < traffic.seconds; now++) {
    const arrived = traffic.eventsPerSecond(now) / traffic.eventsPerMessage;
    waiting[now] = arrived;
    backlog += arrived;
    messages += arrived;
    const taken = Math.min(backlog, traffic.storeIsUp(now) ? capacity(pipeline, traffic.eventsPerMessage, backlog) : 0);
    if (taken > 0) {
      const batches = Math.max(taken / pipeline.batchMessages, Math.min(1 / pipeline.windowSeconds, taken));
      invocations += batches;
      billed += batches * pipeline.secondsPerBatch + taken * traffic.eventsPerMessage * pipeline.secondsPerEvent;
    }
    for (let left = taken; left > 1e-9 && head <= now;) {
      const here = Math.min(left, waiting[head] ?? 0);
      if (here > 0) {
        const lag = now - head + pipeline.windowSeconds;
        lags.set(lag, (lags.get(lag) ?? 0) + here);
      }
      waiting[head] = (waiting[head] ?? 0) - here;
      left -= here;
      backlog -= here;
      if ((waiting[head] ?? 0) > 1e-9) break;
      head++;
    }
    peak = Math.max(peak, backlog);
  }
  return {
    events: Math.round(messages * traffic.eventsPerMessage),
    messages: Math.round(messages),
    invocations: Math.round(invocations),
    billedSeconds: billed,
    peakBacklogMessages: Math.round(peak),
    lagSeconds: { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99), max: Math.max(0, ...lags.keys()) },
    notStoredAtEnd: Math.round(backlog * traffic.eventsPerMessage),
  };
}

/** Messages that can be stored in one second, when `backlog` messages wait. */
export function capacity(pipeline: Pipeline, eventsPerMessage: number, backlog: number): number {
  const perBatch = Math.min(pipeline.batchMessages, Math.max(1, backlog));
  const seconds = pipeline.secondsPerBatch + perBatch * eventsPerMessage * pipeline.secondsPerEvent;
  const byCollectors = (pipeline.collectors * perBatch) / seconds;
  return Math.min(byCollectors, pipeline.storeEventsPerSecond / eventsPerMessage);
}

/** Nearest rank over weighted values. */
function quantile(weights: ReadonlyMap<number, number>, q: number): number {
  const sorted = [...weights].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let seen = 0;
  for (const [value, weight] of sorted) {
    seen += weight;
    if (seen >= total * q) return value;
  }
  return 0;
}
