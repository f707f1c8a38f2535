type Value = string | number | boolean | null;

/** How often one value of a dimension was, in the period before and now. */
export interface Part {
  /** The dimension's short name. */
  readonly by: string;
  readonly value: Value;
  readonly before: number;
  readonly now: number;
}

/** A part of a change, and what share of the whole it is: 0.6 is six tenths; more than 1 where others went the other way. */
export interface Explained extends Part {
  readonly share: number;
}

/** Parts that are told. */
const MOST = 10;
/** A smaller share explains nothing. */
const LEAST_SHARE = 0.05;

/** What a change is made of: the parts that went its way, the largest first. Nothing where nothing changed. */
export function explain(parts: readonly Part[], change: number): readonly Explained[] {
  if (change === 0) return [];
  // What is unknown explains nothing.
  return parts
    .filter(({ value }) => value !== null)
    .map((part) => ({ ...part, share: (part.now - part.before) / change }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST);
}

/** Joins the values of both periods; one that is missing in a period was not there. */
export function joined(by: string, now: ReadonlyMap<Value, number>, before: ReadonlyMap<Value, number>): Part[] {
  return [...new Set([...now.keys(), ...before.keys()])].map((value) => ({
    by,
    value,
    before: before.get(value) ?? 0,
    now: now.get(value) ?? 0,
  }));
}

/** A source that brought far more in one bucket than in the others. */
export interface Spike {
  readonly value: Value;
  /** The bucket's place. */
  readonly at: number;
  readonly count: number;
  /** What it brought in the others, on average. */
  readonly usual: number;
}

/** Fewer are chance, whatever the others are. */
const LEAST_OF_A_SPIKE = 10;
/** Standard deviations beyond what is usual: one in a thousand buckets by chance. */
const DEVIATIONS = 3;
/** What is usual cannot be told of fewer. */
const LEAST_BUCKETS = 4;

/** The spikes of each source's way through the buckets, the highest first. */
export function spikesOf(series: ReadonlyMap<Value, readonly number[]>): readonly Spike[] {
  const spikes = [...series].flatMap(([value, counts]) =>
    counts.flatMap((count, at): Spike[] => {
      const others = counts.filter((_, other) => other !== at);
      if (count < LEAST_OF_A_SPIKE || counts.length < LEAST_BUCKETS) return [];
      const usual = others.reduce((sum, each) => sum + each, 0) / others.length;
      const spread = Math.sqrt(others.reduce((sum, each) => sum + (each - usual) ** 2, 0) / others.length);
      // Counts spread by the root of what is usual even where the others happen to be alike.
      return count > usual + DEVIATIONS * Math.max(spread, Math.sqrt(usual)) ? [{ value, at, count, usual }] : [];
    }),
  );
  return spikes.sort((a, b) => b.count - b.usual - (a.count - a.usual));
}
