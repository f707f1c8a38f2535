import type { JsonObject } from "@millrace/core";

/** What one line became: an event, or a bad line with the reason and the text as it was. */
export type Item = GoodItem | BadItem;

interface Place {
  readonly file: string;
  /** In its file, from 1. */
  readonly line: number;
  /** Which line it is of all files together, from 1: where an import that was interrupted goes on. */
  readonly index: number;
}

export interface GoodItem extends Place {
  readonly collection: string;
  readonly event: JsonObject;
}

export interface BadItem extends Place {
  readonly bad: string;
  readonly text: string;
}

/** A kind of file that can be imported. */
export interface ImportSource {
  /** Reads everything once before anything is sent, if the events of one line depend on other lines. */
  prepare?(onProgress: (fraction: number) => void): Promise<void>;
  /** Every line as an item, in the order of the files, the same each time. */
  items(onProgress: (fraction: number) => void): AsyncIterable<Item>;
  /** What was found out in `prepare`, for the person who waits. */
  notes(): string[];
  /** What was done to the events on the way, once all were read. */
  remarks?(): string[];
}

/** A file to import, and the name its stream of lines has in ids (see streams.ts). */
export interface SourceFile {
  readonly path: string;
  readonly stream: string;
}

export function isBadItem(item: Item): item is BadItem {
  return "bad" in item;
}
