import type { BotsMode } from "../../../state/search.ts";
import type { Comparison } from "../../../state/compare.ts";
import type { PageFilter } from "../../../state/filters.ts";
import type { ExploreSpec, Measure } from "../spec.ts";
import type { Found } from "./phrases.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { When } from "./when.ts";

/** What a question has said so far. */
export interface Draft {
  readonly events: Set<string>;
  readonly measures: Measure[];
  /** Fields. */
  readonly groups: Set<string>;
  readonly filters: PageFilter[];
  when?: When;
  interval?: ExploreSpec["interval"];
  compare?: Comparison;
  bots?: BotsMode;
  limit?: number;
}

/** What is known while a question is read. */
export interface World {
  readonly vocabulary: Vocabulary;
  /** Wall-clock time in the project's zone. */
  readonly now: string;
}

/** Understands what begins at this place of the question, and says what it changes; undefined for what it does not know. */
export type Reader = (tokens: readonly Token[], at: number, world: World) => Found<(draft: Draft) => void> | undefined;
