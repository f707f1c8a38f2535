/** The analyses that answer, with one line each for the OpenAPI document. */
export const ANALYSES = {
  count: "Number of events.",
  count_unique: "Number of distinct values of a property.",
  sum: "Sum of a property's numbers.",
  average: "Average of a property's numbers.",
  minimum: "Smallest of a property's numbers.",
  maximum: "Largest of a property's numbers.",
  median: "Median (nearest rank) of a property's numbers.",
  percentile: "A percentile (nearest rank) of a property's numbers.",
  percentiles: "Several percentiles (nearest rank) of a property's numbers at once.",
  standard_deviation: "Population standard deviation of a property's numbers.",
  select_unique: "The distinct values of a property.",
  multi_analysis: "Several analyses of the same events at once.",
  extraction: "The events themselves.",
  funnel: "How many actors did the first step, how many of them the next one too, and so on.",
  retention: "How many of those who began in a period came back in it and in those behind it.",
  paths: "What sessions did next, or before, step by step.",
} as const;

export type Analysis = keyof typeof ANALYSES;
export type MeasureAnalysis = Exclude<Analysis, Compound>;

/** Analyses that do not compute one value: they stand for themselves, never within a multi_analysis. */
const COMPOUND = [
  "multi_analysis",
  "extraction",
  "funnel",
  "retention",
  "paths",
] as const satisfies readonly Analysis[];
type Compound = (typeof COMPOUND)[number];

/** True for an analysis that answers; inherited names such as `constructor` are none. */
export function isAnalysis(text: string): text is Analysis {
  return Object.hasOwn(ANALYSES, text);
}

/** True for an analysis that computes one value, alone or within a multi_analysis. */
export function isMeasureAnalysis(text: string): text is MeasureAnalysis {
  return isAnalysis(text) && !COMPOUND.some((name) => name === text);
}
