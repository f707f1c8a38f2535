/** Caps of the query API. Reaching one is an error or a stated truncation, never a shorter answer. */
export const LIMITS_QUERY = {
  /** Buckets of one interval query (Keen documented 2,500; OpenSearch stops at 65,535). */
  buckets: 10_000,
  /** Groups of one answer (before `limit`), and cells: buckets x groups. */
  groups: 100_000,
  cells: 1_000_000,
  groupFields: 5,
  /** Keen: a synchronous extraction returns up to 100,000 events. */
  extractionEvents: 100_000,
  /** Steps of a funnel: each is a pass over its events. */
  funnelSteps: 20,
  /** Periods of a retention question: a year of days. Its answer has half their square in numbers. */
  retentionPeriods: 366,
  /** Steps of a path behind its first, and values named at each. */
  pathDepth: 10,
  pathValues: 50,
  /** Actors that an answer lists for the steps that ask for them, together. */
  actors: 100_000,
  filterNodes: 200,
  filterDepth: 10,
  listOperand: 10_000,
  /** Times in one `in`: the engine has no lists of times, each is a condition. */
  timeListOperand: 400,
  /** Conditions of the store that the filters of one query may make (Lucene's own limit is 1,024). */
  filterClauses: 1_000,
  /** `within` filters of one query: a store computes each distance. */
  places: 10,
  /** `did` filters of one query: each is a pass over the events. */
  deeds: 10,
  /** Ranges of one group_by key. */
  ranges: 100,
  /** Longest text of `contains`: escaped, it must fit into a pattern of the engine. */
  containsChars: 5_000,
  /** See text-cost.ts. Looking for a text of 400 equal letters takes 160,000, for one of a thousand ordinary ones 5,000. */
  textSteps: 200_000,
  measures: 20,
  /** Percentiles of one analysis. */
  percentiles: 20,
  regexChars: 500,
} as const;
