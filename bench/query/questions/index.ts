import { ACTORS } from "./actors.ts";
import { NUMBERS } from "./numbers.ts";

/** Every kind of question asked of our store, each as a text that both ways must come to. */
export const OURS = { ...ACTORS, ...NUMBERS };

export type Kind = keyof typeof OURS;
/** Asks a question by hand, and comes to the same text. */
export type Asker = (kind: Kind) => Promise<string>;
