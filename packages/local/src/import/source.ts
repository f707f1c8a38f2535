import type { JsonObject } from "@millrace/core";

/** What one line became: an event, or a bad line with the reason and the text as it was. */
export type Item = GoodItem | BadItem;

export interface GoodItem {
  readonly line: number;
  readonly collection: string;
  readonly event: JsonObject;
}

export interface BadItem {
  readonly line: number;
  readonly bad: string;
  readonly text: string;
}

/** A kind of file that can be imported. */
export interface ImportSource {
  /** Reads the whole file once before anything is sent, if the events of one line depend on other lines. */
  prepare?(onProgress: (fraction: number) => void): Promise<void>;
  /** Every line as an item, in the order of the file, the same each time. */
  items(onProgress: (fraction: number) => void): AsyncIterable<Item>;
  /** What was found out in `prepare`, for the person who waits. */
  notes(): string[];
}

export function isBadItem(item: Item): item is BadItem {
  return "bad" in item;
}
