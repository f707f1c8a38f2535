import { useSyncExternalStore } from "react";
import type { MetricId } from "./metrics.ts";

/** A card: a metric, or what a goal comes to. */
export type CardId = MetricId | GoalCardId;
export type GoalCardId = `conversion:${string}` | `revenue:${string}`;

/** Where a person's choice of cards is kept: of a project and of what its page is about, in this browser alone. */
interface Place {
  readonly project: string;
  readonly about: "web" | "events";
}

/** A row of more cannot be read at a glance. */
export const MOST_CARDS = 10;

const listeners = new Set<() => void>();

/** The cards that were chosen, in their order; undefined: none were, and the page's own stand there. */
export function useKeptCards(place: Place): readonly string[] | undefined {
  const text = useSyncExternalStore(subscribe, () => read(place));
  return text === null ? undefined : text.split(" ");
}

/** Keeps a choice; undefined: the page's own again. */
export function keepCards(place: Place, cards: readonly CardId[] | undefined): void {
  try {
    if (cards === undefined) localStorage.removeItem(keyOf(place));
    else localStorage.setItem(keyOf(place), cards.join(" "));
  } catch {
    // A browser that keeps nothing: the choice cannot be made there.
  }
  for (const listener of listeners) listener();
}

/** What stands in the head row: of what was chosen that which there can be, else all that there is. */
export function cardsShown(metrics: readonly MetricId[], kept: readonly string[] | undefined): readonly CardId[] {
  const shown = (kept ?? []).filter((id): id is CardId => isGoalCard(id) || metrics.some((metric) => metric === id));
  return shown.length > 0 ? shown.slice(0, MOST_CARDS) : metrics;
}

export function isGoalCard(id: string): id is GoalCardId {
  return /^(?:conversion|revenue):./.test(id);
}

/** A name that goals have: see asking/saved.ts. */
export function goalOfCard(id: GoalCardId): string {
  return id.slice(id.indexOf(":") + 1);
}

function read(place: Place): string | null {
  try {
    return localStorage.getItem(keyOf(place));
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const keyOf = ({ project, about }: Place): string => `millrace-cards:${project}:${about}`;
