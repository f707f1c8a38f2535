/** Durations by project and by what was being done to the product at the time. */
export interface Samples {
  add(project: string, phase: string, milliseconds: number): void;
  /** Nearest rank over the samples of these projects in that phase; undefined when there is none. @param q from 0 to 1 */
  quantile(projects: readonly string[], phase: string, q: number): number | undefined;
  count(projects: readonly string[], phase: string): number;
}

export function createSamples(): Samples {
  const lists = new Map<string, number[]>();
  const keyOf = (project: string, phase: string) => `${project} ${phase}`;
  const all = (projects: readonly string[], phase: string) =>
    projects.flatMap((project) => lists.get(keyOf(project, phase)) ?? []);
  return {
    add(project, phase, milliseconds) {
      const key = keyOf(project, phase);
      const list = lists.get(key);
      if (list) list.push(milliseconds);
      else lists.set(key, [milliseconds]);
    },
    quantile(projects, phase, q) {
      const sorted = all(projects, phase).sort((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
    },
    count: (projects, phase) => all(projects, phase).length,
  };
}
