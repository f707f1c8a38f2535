import {
  MillraceError,
  type Budget,
  type EventSource,
  type ExtractionPlan,
  type ExtractionResult,
  type FunnelPlan,
  type FunnelResult,
  type Leave,
  type MetricPlan,
  type MetricResult,
  type OrderedFunnelPlan,
  type OrderedFunnelResult,
  type PathsPlan,
  type PathsResult,
  type RetentionPlan,
  type RetentionResult,
  type RunOptions,
  type Version,
} from "@millrace/core";
import type { Project } from "@millrace/access";
import type { QueryDeps } from "../deps.ts";
import type { Answers, Shared } from "./answers.ts";

/** One request's way to the store: within its time, within its project's share, and paid by it. */
export interface Engine {
  /** @param aged false: as new as the store, although the caller takes older answers; for parts that must add up */
  metric(plan: MetricPlan, aged?: boolean): Promise<Shared<MetricResult>>;
  funnel(plan: FunnelPlan): Promise<Shared<FunnelResult>>;
  orderedFunnel(plan: OrderedFunnelPlan): Promise<Shared<OrderedFunnelResult>>;
  retention(plan: RetentionPlan): Promise<Shared<RetentionResult>>;
  paths(plan: PathsPlan): Promise<Shared<PathsResult>>;
  extract(plan: ExtractionPlan): Promise<ExtractionResult>;
  /** A whole answer under a key of its own, shared like the others. */
  shared<T>(key: string, maxAgeMs: number, compute: () => Promise<T>): Promise<Shared<T>>;
  /** Milliseconds an answer may be old. */
  readonly maxAgeMs: number;
  /** Answers of `work` see the same events, where the store can promise that. */
  atOnce<T>(work: () => Promise<T>): Promise<T>;
  /** What is stored of the project; undefined where nobody keeps count. */
  version(): Promise<Version | undefined>;
  /** Anything else that is asked of the store, such as the ledger: with what it may still take, and what tells it to stop. */
  use<T>(work: (options: RunOptions) => Promise<T>): Promise<T>;
  /** True when nobody waits for the answer any more. */
  readonly over: boolean;
  usage(): Usage;
  /** Pays and gives the place back. Never throws. */
  close(): Promise<void>;
}

/** What answering has cost so far. */
export interface Usage {
  /** Of the store's time, milliseconds. */
  readonly engineMs: number;
  /** Absent where no account is kept, or nothing was asked of the store. */
  readonly budget?: Budget;
}

export interface EngineOptions {
  readonly project: Pick<Project, "id" | "engineSecondsPerMinute">;
  /** Aborted when the client went away. */
  readonly signal: AbortSignal;
  /** Milliseconds for the whole request. */
  readonly timeoutMs: number;
  /** Seconds an answer may be old. Default 0: as new as the store. */
  readonly maxAge?: number;
}

/** What an engine needs of the app. */
export type EngineDeps = Pick<QueryDeps, "source" | "versions" | "shares"> & { readonly answers: Answers };

export function openEngine(deps: EngineDeps, { project: its, signal, timeoutMs, maxAge = 0 }: EngineOptions): Engine {
  const { id: project, engineSecondsPerMinute: seconds } = its;
  const perMinuteMs = seconds === undefined ? undefined : seconds * 1000;
  const until = performance.now() + timeoutMs;
  let engineMs = 0;
  let paidMs = 0;
  let leave: Promise<Leave> | undefined;
  let budget: Budget | undefined;
  let source: EventSource = deps.source;
  let version: Promise<Version | undefined> | undefined;
  /** Equal questions of this request, while and after they run. */
  const asked = new Map<string, Promise<Shared<unknown>>>();

  const left = (): number => {
    const ms = until - performance.now();
    if (ms > 0) return ms;
    throw new MillraceError(
      "QueryTimeout",
      `The request took longer than ${Math.round(timeoutMs)} ms and was stopped.`,
    );
  };
  const options = (of: AbortSignal = signal): RunOptions => ({
    signal: of,
    timeoutMs: left(),
    onEngineTime: (ms) => {
      engineMs += ms;
    },
  });
  const enter = async (): Promise<void> => {
    leave ??= deps.shares?.enter(project, perMinuteMs);
    budget ??= (await leave)?.budget;
  };
  const readVersion = (): Promise<Version | undefined> =>
    (version ??= deps.versions?.read(project) ?? Promise.resolve(undefined));
  const share = async <T>(key: string, maxAgeMs: number, compute: (signal: AbortSignal) => Promise<T>) =>
    deps.answers.get(key, { version: await readVersion(), maxAgeMs, signal, alone: source !== deps.source }, compute);

  /** A question whose answer is shared: the plan holds the project, the forced filters and every instant, all that decides it. */
  const sharing =
    <P, R>(ask: (source: EventSource, plan: P, run: RunOptions) => Promise<R>) =>
    (plan: P, aged = true): Promise<Shared<R>> => {
      const key = JSON.stringify(plan);
      const known = aged ? (asked.get(key) as Promise<Shared<R>> | undefined) : undefined;
      if (known) return known;
      const answer = share(key, aged ? maxAge * 1000 : 0, async (of) => {
        await enter();
        return ask(source, plan, options(of));
      });
      if (aged) asked.set(key, answer);
      return answer;
    };

  return {
    maxAgeMs: maxAge * 1000,
    metric: sharing((from, plan: MetricPlan, run) => from.metric(plan, run)),
    funnel: sharing((from, plan: FunnelPlan, run) => from.funnel(plan, run)),
    orderedFunnel: sharing((from, plan: OrderedFunnelPlan, run) => from.orderedFunnel(plan, run)),
    retention: sharing((from, plan: RetentionPlan, run) => from.retention(plan, run)),
    paths: sharing((from, plan: PathsPlan, run) => from.paths(plan, run)),
    extract: async (plan) => {
      await enter();
      return source.extract(plan, options());
    },
    shared: (key, maxAgeMs, compute) => share(key, maxAgeMs, compute),
    atOnce: async (work) => {
      // Inside another one everything is of one moment already.
      if (!deps.source.snapshot || source !== deps.source) return work();
      await enter();
      try {
        return await deps.source.snapshot(
          project,
          (same) => {
            source = same;
            return work();
          },
          options(),
        );
      } finally {
        source = deps.source;
      }
    },
    version: readVersion,
    use: async (work) => {
      await enter();
      return work(options());
    },
    get over() {
      return signal.aborted;
    },
    usage: () => ({ engineMs, ...(budget && { budget: { ...budget, leftMs: budget.leftMs - (engineMs - paidMs) } }) }),
    close: async () => {
      const entered = await leave?.catch(() => undefined);
      if (!entered) return;
      const due = engineMs - paidMs;
      paidMs = engineMs;
      budget = await entered.leave(due);
    },
  };
}
