import type { Clock, Executions } from "@millrace/core";
import { summarize, sideBySide } from "@millrace/core";
import type { Ledger } from "../ledger/ledger.ts";
import { monthOf, type MeasuredTraffic } from "./measured.ts";

export interface MeasureParts {
  readonly executions: Pick<Executions, "durations">;
  readonly ledger: Pick<Ledger, "hours">;
  readonly projects: () => Promise<
    readonly { readonly id: string; readonly name: string; readonly createdAt: number }[]
  >;
  readonly clock: Clock;
}

const AT_ONCE = 16;

/**
 * What went through this installation since the month began, or since its first project: events by the ledger, requests and questions
 * by the executions that are kept, which count for those that are not.
 */
export async function measureTraffic({ executions, ledger, projects, clock }: MeasureParts): Promise<MeasuredTraffic> {
  const to = clock.now();
  const all = await projects();
  const from = Math.max(monthOf(to).start, Math.min(to, ...all.map(({ createdAt }) => createdAt)));
  const count = async (name: string) =>
    to === from ? 0 : summarize(await executions.durations({ from, to, function: name, labels: [] }, [from, to])).count;
  const events = new Map<string, number>();
  await sideBySide(all, AT_ONCE, async ({ id }) => {
    const hours = await ledger.hours(id, from, to + 1, { isHouse: true });
    events.set(
      id,
      hours.reduce((sum, { accepted }) => sum + accepted, 0),
    );
  });
  return {
    from,
    to,
    requests: await count("ingest"),
    queries: await count("query"),
    projects: all.map(({ id, name }) => ({ id, name, events: events.get(id) ?? 0 })),
  };
}
