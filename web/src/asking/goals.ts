import type { DefinitionAnswer } from "@millrace/client";
import { isEventChoice, ANY_EVENT, type EventChoice } from "./events.ts";

/** Something that visits are meant to lead to: a page or an event, with filters. */
export interface Goal {
  readonly name: string;
  readonly title: string;
  readonly choice: EventChoice;
  /** A number of its events: what reaching it is worth. Empty: nothing. */
  readonly amount: string;
  /** Of the amount, ISO 4217. Empty: none is named. */
  readonly currency: string;
  readonly version: number;
}

export function goalOf({ name, title, content, version }: DefinitionAnswer): Goal {
  return { name, title, choice: isEventChoice(content) ?? ANY_EVENT, ...worthIn(content), version };
}

/** As it is kept, over the version that was read; 0 for a new one. */
export function asDefinition({ title, choice, amount, currency, version }: Omit<Goal, "name">) {
  const worth = amount === "" ? {} : { amount, ...(currency !== "" && { currency }) };
  return { title, content: { event: choice.event, filters: [...choice.filters], ...worth }, version };
}

function worthIn({ amount, currency }: DefinitionAnswer["content"]): Pick<Goal, "amount" | "currency"> {
  return {
    amount: typeof amount === "string" ? amount : "",
    currency: typeof currency === "string" ? currency : "",
  };
}
