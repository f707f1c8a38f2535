import type { Project } from "@millrace/access";
import {
  MillraceError,
  STANDARD_FIELDS,
  type CatalogueView,
  type CollectionView,
  type FieldKind,
  type JsonObject,
  type PropertyKind,
} from "@millrace/core";

/** Keen's names of types. */
type TypeName = "string" | "num" | "bool" | "datetime" | "array" | "geo" | "null";

const PROPERTY_TYPE: Record<PropertyKind, TypeName> = {
  string: "string",
  number: "num",
  boolean: "bool",
  json: "array",
  null: "null",
};
const FIELD_TYPE: Record<FieldKind, TypeName> = {
  string: "string",
  number: "num",
  boolean: "bool",
  datetime: "datetime",
  strings: "array",
};
const STANDARD_TYPES = STANDARD_FIELDS.map((field) => [field.name, FIELD_TYPE[field.kind]] as const);
/** What Keen's own schemas list beside a collection's properties. */
const KEEN_TYPES = STANDARD_TYPES.filter(([name]) => name.startsWith("keen."));

/** `GET /3.0/projects/{id}`: Keen's body, the project's time zone, and how far its quota of indexed properties is used up. */
export function describeProject(project: Project, view: CatalogueView) {
  const url = projectUrl(project.id);
  return {
    id: project.id,
    name: project.name,
    timezone: project.timezone,
    url,
    events_url: `${url}/events`,
    queries_url: `${url}/queries`,
    saved_queries: [],
    property_quota: {
      used: view.quota.used,
      limit: view.quota.most,
      full: view.quota.full,
      refused_in: [...view.quota.refusedIn],
    },
    events: view.collections.map(({ name }) => ({ name, url: collectionUrl(project.id, name) })),
  };
}

export interface SchemaOptions {
  /** False leaves the schemas out (`include_schema=false`). */
  readonly properties: boolean;
  /** True lists the standard fields that begin with `$` too (`standard_fields=true`): Keen had none. */
  readonly standardFields: boolean;
}

/** `GET …/events`: every collection. */
export function describeCollections(project: Project, view: CatalogueView, options: SchemaOptions): JsonObject[] {
  return view.collections.map((collection) => {
    if (options.properties) return describeCollection(project, collection, options);
    return { name: collection.name, url: collectionUrl(project.id, collection.name) };
  });
}

/** One collection: `keen`, its own properties, and the standard fields where they are asked for. Objects are not listed (Keen). */
export function describeCollection(
  project: Project,
  collection: CollectionView,
  { standardFields }: Pick<SchemaOptions, "standardFields">,
): JsonObject {
  return {
    name: collection.name,
    url: collectionUrl(project.id, collection.name),
    properties: Object.fromEntries([...(standardFields ? STANDARD_TYPES : KEEN_TYPES), ...ownTypes(collection)]),
  };
}

/** @throws MillraceError `ResourceNotFoundError` for a path the collection has not had */
export function describeProperty(project: Project, collection: CollectionView, path: string): JsonObject {
  const type = new Map([...STANDARD_TYPES, ...ownTypes(collection)]).get(path);
  if (type === undefined) throw propertyNotFound();
  return {
    property_name: path,
    url: `${collectionUrl(project.id, collection.name)}/properties/${encodeURIComponent(path)}`,
    type,
  };
}

export function propertyNotFound(): MillraceError {
  return notFound("property");
}

/** @throws MillraceError `ResourceNotFoundError` for a collection that has had no event */
export function findCollection(view: CatalogueView, name: string): CollectionView {
  const collection = view.collections.find((candidate) => candidate.name === name);
  if (!collection) throw notFound("event collection");
  return collection;
}

function ownTypes(collection: CollectionView): (readonly [path: string, type: TypeName])[] {
  return Object.entries(collection.properties).map(([path, kinds]) => [path, typeOf(path, kinds)] as const);
}

/** Of mixed kinds the newest that is no array and not null: a chart can do most with it. */
function typeOf(path: string, kinds: readonly PropertyKind[]): TypeName {
  const scalar = kinds.findLast((kind) => kind !== "json" && kind !== "null");
  if (scalar) return PROPERTY_TYPE[scalar];
  if (!kinds.includes("json")) return "null";
  return PLACE.test(path) ? "geo" : "array";
}

/** Keen's `keen.location.coordinates`, and what `keen:ip_to_geo` writes. The name tells: to the catalogue all arrays are one kind. */
const PLACE = /(^|\.)coordinates$/;

function projectUrl(id: string): string {
  return `/3.0/projects/${encodeURIComponent(id)}`;
}

function collectionUrl(project: string, name: string): string {
  return `${projectUrl(project)}/events/${encodeURIComponent(name)}`;
}

function notFound(what: string): MillraceError {
  return new MillraceError("ResourceNotFoundError", `Resource not found. There is no such ${what}.`);
}
