import type { AnyAnswer } from "../../asking/answer.ts";
import { t } from "../../language/words.ts";

export type Place =
  { readonly value: string | number | boolean | null } | { readonly other: true } | { readonly ended: true };

/** How many sessions went from one place to another. */
interface PathLink {
  readonly step: number;
  readonly from: Place;
  readonly to: Place;
  readonly result: number;
}

/** A place of a layer, with where its sessions went on to. */
export interface PathNode {
  readonly key: string;
  readonly place: Place;
  readonly sessions: number;
  readonly next: readonly PathLink[];
}

export interface Layers {
  /** How many paths there are. */
  readonly sessions: number;
  /** The places of each step, those of most sessions first; what is together or over comes last. */
  readonly layers: readonly (readonly PathNode[])[];
  readonly links: readonly PathLink[];
}

export function keyOf(place: Place): string {
  if ("ended" in place) return "ended";
  if ("other" in place) return "other";
  return t("value {value}", { value: JSON.stringify(place.value) });
}

/** An answer of paths, layer by layer: how far from where paths begin. */
export function layersOf(answer: AnyAnswer): Layers {
  const links = answer.result as unknown as readonly PathLink[];
  const depth = Math.max(0, ...links.map(({ step }) => step));
  const layers = Array.from({ length: depth + 1 }, (_, layer) => nodesOf(links, layer));
  return { sessions: Number(answer["sessions"] ?? 0), layers, links };
}

/** Sessions of a place are those that left it, and where none can leave, those that came. */
function nodesOf(links: readonly PathLink[], layer: number): PathNode[] {
  const left = links.filter(({ step }) => step === layer + 1);
  const came = links.filter(({ step }) => step === layer);
  const places = new Map(
    [...came.map(({ to }) => to), ...left.map(({ from }) => from)].map((place) => [keyOf(place), place]),
  );
  const sum = (of: readonly PathLink[]) => of.reduce((total, { result }) => total + result, 0);
  const nodes = [...places].map(([key, place]): PathNode => {
    const next = left
      .filter(({ from }) => keyOf(from) === key)
      .toSorted((a, b) => rank(a.to) - rank(b.to) || b.result - a.result);
    const arrived = came.filter(({ to }) => keyOf(to) === key);
    return { key, place, sessions: layer === 0 ? sum(next) : sum(arrived), next };
  });
  return nodes.sort((a, b) => rank(a.place) - rank(b.place) || b.sessions - a.sessions);
}

function rank(place: Place): number {
  return "ended" in place ? 2 : "other" in place ? 1 : 0;
}
