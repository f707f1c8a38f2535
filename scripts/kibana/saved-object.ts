/**
 * A saved object of OpenSearch Dashboards 3 as its import takes it, one a line. Its types' attributes are a closed list (their mapping
 * is strict), JSON stands in strings, and what refers to another object does so by a name that is in `references`.
 */
export interface SavedObject {
  readonly type: keyof typeof MIGRATION_VERSIONS;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly migrationVersion: Readonly<Record<string, string>>;
}

export interface Reference {
  readonly name: string;
  readonly type: SavedObject["type"];
  readonly id: string;
}

/** The last migration of each type in Dashboards 3: an object without it would be taken for one of Kibana 5, and be migrated. */
export const MIGRATION_VERSIONS = {
  "index-pattern": "7.6.0",
  visualization: "7.10.0",
  search: "7.9.3",
  dashboard: "7.9.3",
} as const;

export function savedObject(
  type: SavedObject["type"],
  id: string,
  attributes: Readonly<Record<string, unknown>>,
  references: readonly Reference[] = [],
): SavedObject {
  return { type, id, attributes, references, migrationVersion: { [type]: MIGRATION_VERSIONS[type] } };
}

/** The name by which a search source refers to its index pattern. */
const INDEX_REF = "kibanaSavedObjectMeta.searchSourceJSON.index";

/** What a search, or a visualization, looks at: an index pattern, and conditions on it. */
export function searchSource(
  pattern: string,
  filters: readonly object[],
): { readonly meta: { readonly searchSourceJSON: string }; readonly references: readonly Reference[] } {
  const filterRef = (i: number) => `kibanaSavedObjectMeta.searchSourceJSON.filter[${i}].meta.index`;
  const filter = filters.map((query, i) => ({
    $state: { store: "appState" },
    meta: { alias: null, disabled: false, negate: false, type: "custom", key: "query", indexRefName: filterRef(i) },
    query,
  }));
  const query = { query: "", language: "kuery" };
  const pointing = (name: string): Reference => ({ name, type: "index-pattern", id: pattern });
  return {
    meta: { searchSourceJSON: JSON.stringify({ query, filter, indexRefName: INDEX_REF }) },
    references: [pointing(INDEX_REF), ...filters.map((_, i) => pointing(filterRef(i)))],
  };
}

/** The file that Dashboards imports. */
export function toNdjson(objects: readonly SavedObject[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join("");
}
