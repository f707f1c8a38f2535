/** A bucket of a composite aggregation. */
export interface Row {
  readonly key: Readonly<Record<string, string | number>>;
  readonly doc_count: number;
  readonly at?: { readonly value: number };
}
