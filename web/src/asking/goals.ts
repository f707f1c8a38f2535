import type { DefinitionAnswer } from "@millrace/client";
import { isEventChoice, ANY_EVENT, type EventChoice } from "./events.ts";

/** Something that visits are meant to lead to: a page or an event, with filters. */
export interface Goal {
  readonly name: string;
  readonly title: string;
  readonly choice: EventChoice;
  readonly version: number;
}

export function goalOf({ name, title, content, version }: DefinitionAnswer): Goal {
  return { name, title, choice: isEventChoice(content) ?? ANY_EVENT, version };
}

/** As it is kept, over the version that was read; 0 for a new one. */
export function asDefinition({ title, choice, version }: Omit<Goal, "name">) {
  return { title, content: { event: choice.event, filters: [...choice.filters] }, version };
}
