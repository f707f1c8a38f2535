import type { DefinitionAnswer } from "@millrace/client";
import type { JsonObject } from "@millrace/core";
import { QUESTION_PAGES, type SavedQuestion } from "./saved.ts";
import { isFlag, isListOf, isObjectOf, isOneOf, isText, readSpec } from "./spec.ts";

/** A pinned question: how it is asked, on which page, by that page's address. */
export interface Tile extends Omit<SavedQuestion, "name"> {
  /** Across the whole board. */
  readonly wide: boolean;
}

export interface Board {
  readonly name: string;
  readonly title: string;
  readonly tiles: readonly Tile[];
  readonly version: number;
}

const NO_TILE: Tile = { title: "", page: "explore", address: "", wide: false };
const isTile = isObjectOf(NO_TILE, {
  title: isText,
  page: isOneOf(QUESTION_PAGES),
  address: isText,
  wide: isFlag,
});
/** Each is a question or two of one batch, which has 50. */
export const MOST_TILES = 24;

export function boardOf({ name, title, content, version }: DefinitionAnswer): Board {
  const none: readonly Tile[] = [];
  const { tiles } = readSpec(JSON.stringify(content), { tiles: none }, { tiles: isListOf(isTile, MOST_TILES) });
  return { name, title, tiles, version };
}

/** As it is kept, over the version that was read. */
export function asDefinition({ title, tiles, version }: Board) {
  return { title, content: { tiles: tiles.map((tile): JsonObject => ({ ...tile })) }, version };
}
