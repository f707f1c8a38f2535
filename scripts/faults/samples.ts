/** Durations by project and by what was being done to the product at the time. */
export interface Samples {
  add(project: string, phase: string, milliseconds: number): void;
  /** Nearest rank over the project's samples of that phase; undefined when there is none. @param q from 0 to 1 */
  quantile(project: string, phase: string, q: number): number | undefined;
  count(project: string, phase: string): number;
}

export function createSamples(): Samples {
  const lists = new Map<string, number[]>();
  const keyOf = (project: string, phase: string) => `${project} ${phase}`;
  return {
    add(project, phase, milliseconds) {
      const key = keyOf(project, phase);
      const list = lists.get(key);
      if (list) list.push(milliseconds);
      else lists.set(key, [milliseconds]);
    },
    quantile(project, phase, q) {
      const list = lists.get(keyOf(project, phase));
      if (list === undefined) return undefined;
      const sorted = [...list].sort((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
    },
    count: (project, phase) => lists.get(keyOf(project, phase))?.length ?? 0,
  };
}
