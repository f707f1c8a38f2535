import type { Stage } from "../platform/stage.ts";
import { ASK } from "./ask-steps.ts";
import { BROWSER } from "./browser-steps.ts";
import { createCaller, type Project } from "./caller.ts";
import { COLLECT } from "./collect-steps.ts";
import { EXECUTIONS } from "./executions-steps.ts";
import { HEALTH } from "./health-steps.ts";
import { LOAD } from "./load-steps.ts";
import { KEEP } from "./keep-steps.ts";
import { DASHBOARD } from "./dashboard-steps.ts";
import { CONSOLE } from "./console-steps.ts";
import { MANAGE } from "./manage-steps.ts";
import { REPORTS } from "./report-steps.ts";
import { createOperator } from "./operator.ts";
import type { Flow, Step } from "./step.ts";

/** What a step came to. */
export interface StepResult {
  readonly name: string;
  readonly ms: number;
  /** What was seen. */
  readonly seen: string;
  /** Why it did not work; undefined: it did. */
  readonly failure: string | undefined;
}

/**
 * Runs the whole way of events and questions on a deployed stage, step after step. A step that fails does not keep the next from
 * running: one missing right is then one finding, not the end.
 * @param note told of each step as it ends
 * @throws the signal's reason, when it ends the flow
 */
export async function runFlow(
  stage: Stage,
  addresses: { readonly emulator: string; readonly openSearch: string },
  note: (result: StepResult) => void,
  signal?: AbortSignal,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  async function timed<T>(name: string, run: () => Promise<T>, seenOf: (value: T) => string): Promise<T | undefined> {
    signal?.throwIfAborted();
    const begin = performance.now();
    const end = (seen: string, failure: string | undefined) => {
      const result = { name, ms: Math.round(performance.now() - begin), seen, failure };
      results.push(result);
      note(result);
    };
    try {
      const value = await run();
      end(seenOf(value), undefined);
      return value;
    } catch (error) {
      end("", error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  await timed(
    "what a deploy runs once: templates, months ahead",
    () => stage.functions.invoke("upkeep", {}),
    () => "upkeep ran",
  );
  const shop = await timed(
    "the first project, by the admin function",
    () =>
      stage.functions.invoke<Project>("admin", { action: "create-project", name: "Shop", timezone: "Europe/Berlin" }),
    ({ project }) => `project ${project.id} with three keys`,
  );
  if (!shop) return results;
  const operator = createOperator(stage, addresses.emulator, addresses.openSearch);
  const flow: Flow = { stage, operator, shop, caller: createCaller(stage, shop) };
  const steps: readonly Step[] = [
    ...COLLECT,
    ...ASK,
    ...MANAGE,
    ...REPORTS,
    ...CONSOLE,
    ...LOAD,
    ...BROWSER,
    ...EXECUTIONS,
    ...DASHBOARD,
    ...HEALTH,
    ...KEEP,
  ];
  for (const { name, run } of steps)
    await timed(
      name,
      () => run(flow),
      (seen) => seen,
    );
  return results;
}
