import { isText } from "../../asking/spec.ts";
import type { Spec } from "../../asking/use-spec.ts";

export interface BoardsSpec {
  /** The board that is open; empty: the first. */
  readonly board: string;
}

export const BOARDS: Spec<BoardsSpec> = { defaults: { board: "" }, members: { board: isText } };
