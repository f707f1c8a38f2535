import type { EventSink } from "@millrace/core";
import type { End, Settled } from "./candidate.ts";
import type { Ready } from "./stored-event.ts";

/** Appends the events in one call; when the store decided nothing, every one of them is to be tried again. */
export async function append(
  sink: Pick<EventSink, "append">,
  ready: readonly Ready[],
  deadline: number,
): Promise<Settled[]> {
  if (ready.length === 0) return [];
  const all = (end: End): Settled[] => ready.map((candidate) => ({ candidate, end }));
  try {
    const events = ready.map(({ stored }) => stored);
    const outcomes = await sink.append(events, { deadline });
    if (outcomes.length !== ready.length) {
      throw new Error(`The store answered ${outcomes.length} outcomes for ${ready.length} events.`);
    }
    return ready.map((candidate, i) => ({ candidate, end: outcomes[i] as End }));
  } catch (cause) {
    return all({ kind: "retry", detail: "The store could not be reached.", because: "unreachable", cause });
  }
}
