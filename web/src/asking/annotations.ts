import type { DefinitionAnswer, EmbedNote } from "@millrace/client";
import { dateOf, isWall } from "../state/wall.ts";
import { isText, readSpec } from "./spec.ts";

/** A note on a day or an hour: what happened then that the numbers do not know of. */
export interface Annotation extends EmbedNote {
  readonly name: string;
  readonly version: number;
}

/** Undefined for what names no time: it can be shown nowhere. */
function annotationOf({ name, title, content, version }: DefinitionAnswer): Annotation | undefined {
  const { at } = readSpec(JSON.stringify(content), { at: "" }, { at: isText });
  return isWall(at) ? { name, text: title, at, version } : undefined;
}

/** The notes, by time. */
export function annotationsOf(answers: readonly DefinitionAnswer[]): readonly Annotation[] {
  return answers.flatMap((answer) => annotationOf(answer) ?? []).toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** As it is kept, over the version that was read; 0 for a new one. */
export function asDefinition({ text, at, version }: Omit<Annotation, "name">) {
  return { title: text, content: { at }, version };
}

/** Those of a bucket. A note on a day stands at its first hour. @param start, end wall times, the end not included */
export function within<Of extends EmbedNote>(notes: readonly Of[], start: string, end: string): readonly Of[] {
  const from = timeOf(start);
  const to = timeOf(end);
  return notes.filter(({ at }) => timeOf(at) >= from && timeOf(at) < to);
}

const timeOf = (wall: string): string => (wall === dateOf(wall) ? `${wall}T00:00` : wall);
