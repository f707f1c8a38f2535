/** What was being done to the product when something began. */
export interface Moment {
  readonly phase: string;
  /** The number of the part that is compared with others; absent outside of those. */
  readonly part?: number | undefined;
}

/** Durations by project and by what was being done to the product at the time. */
export interface Samples {
  add(project: string, moment: Moment, milliseconds: number): void;
  /** Nearest rank over the samples of these projects at such moments; undefined when there is none. @param q from 0 to 1 */
  quantile(projects: readonly string[], moments: Partial<Moment>, q: number): number | undefined;
  count(projects: readonly string[], moments: Partial<Moment>): number;
}

export function createSamples(): Samples {
  const samples: (Moment & { readonly project: string; readonly milliseconds: number })[] = [];
  const all = (projects: readonly string[], moments: Partial<Moment>) =>
    samples.filter(
      ({ project, phase, part }) =>
        projects.includes(project) &&
        (moments.phase === undefined || phase === moments.phase) &&
        (moments.part === undefined || part === moments.part),
    );
  return {
    add: (project, moment, milliseconds) => void samples.push({ project, ...moment, milliseconds }),
    quantile(projects, moments, q) {
      const sorted = all(projects, moments)
        .map(({ milliseconds }) => milliseconds)
        .sort((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
    },
    count: (projects, moments) => all(projects, moments).length,
  };
}
