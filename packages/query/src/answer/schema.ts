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
type TypeName = "string" | "num" | "bool" | "datetime" | "array";

const PROPERTY_TYPE: Record<PropertyKind, TypeName> = {
  string: "string",
  number: "num",
  boolean: "bool",
  json: "array",
};
const FIELD_TYPE: Record<FieldKind, TypeName> = {
  string: "string",
  number: "num",
  boolean: "bool",
  datetime: "datetime",
  strings: "array",
};
const STANDARD_TYPES = STANDARD_FIELDS.map((field) => [field.name, FIELD_TYPE[field.kind]] as const);

/** `GET /3.0/projects/{id}`: Keen's body, the project's time zone, and how far its quota of indexed properties is used up. */
export function describeProject(project: Project, view: CatalogueView): JsonObject {
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

/** `GET …/events`: every collection. @param withProperties false leaves the schemas out (`include_schema=false`) */
export function describeCollections(project: Project, view: CatalogueView, withProperties: boolean): JsonObject[] {
  return view.collections.map((collection) => {
    if (withProperties) return describeCollection(project, collection);
    return { name: collection.name, url: collectionUrl(project.id, collection.name) };
  });
}

/** One collection: its own properties and the standard fields, by dotted path. Objects themselves are not listed (Keen). */
export function describeCollection(project: Project, collection: CollectionView): JsonObject {
  return {
    name: collection.name,
    url: collectionUrl(project.id, collection.name),
    properties: Object.fromEntries(typesOf(collection)),
  };
}

/** @throws MillraceError `ResourceNotFoundError` for a path the collection has not had */
export function describeProperty(project: Project, collection: CollectionView, path: string): JsonObject {
  const type = typesOf(collection).get(path);
  if (type === undefined) throw notFound("property");
  return {
    property_name: path,
    url: `${collectionUrl(project.id, collection.name)}/properties/${encodeURIComponent(path)}`,
    type,
  };
}

/** @throws MillraceError `ResourceNotFoundError` for a collection that has had no event */
export function findCollection(view: CatalogueView, name: string): CollectionView {
  const collection = view.collections.find((candidate) => candidate.name === name);
  if (!collection) throw notFound("event collection");
  return collection;
}

function typesOf(collection: CollectionView): Map<string, TypeName> {
  const own = Object.entries(collection.properties).map(([path, kinds]) => [path, typeOf(kinds)] as const);
  return new Map([...STANDARD_TYPES, ...own]);
}

/** Of mixed kinds the newest that is not an array or null: a chart can do most with it. */
function typeOf(kinds: readonly PropertyKind[]): TypeName {
  return PROPERTY_TYPE[kinds.findLast((kind) => kind !== "json") ?? "json"];
}

function projectUrl(id: string): string {
  return `/3.0/projects/${encodeURIComponent(id)}`;
}

function collectionUrl(project: string, name: string): string {
  return `${projectUrl(project)}/events/${encodeURIComponent(name)}`;
}

function notFound(what: string): MillraceError {
  return new MillraceError("ResourceNotFoundError", `Resource not found. There is no such ${what}.`);
}
