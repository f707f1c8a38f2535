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
  filterNodes: 200,
  filterDepth: 10,
  listOperand: 10_000,
  measures: 20,
  regexChars: 500,
} as const;
