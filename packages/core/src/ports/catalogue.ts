import type { PropertyKind } from "../event/flatten.ts";
import type { PropertyView } from "../query/plan.ts";

/** The property catalogue: which names of a project are typed in the store. Its quota bounds the store's mapping. */
export interface Catalogue {
  /**
   * Registers what a batch brings and answers which of it is admitted. First come, first served, up to the project's quota;
   * an admitted name stays admitted. Cheap for known names.
   * @param collections collections seen that may have brought no property at all
   */
  admit(project: string, sightings: readonly PropertySighting[], collections?: readonly string[]): Promise<Admission>;
  /**
   * The project's view for planning: at most a minute old.
   * @param collections names the caller is about to ask for: when one is missing, the view is read anew (once a second at most),
   * so that a collection can be queried as soon as its first event is stored
   */
  view(project: string, collections?: readonly string[]): Promise<CatalogueView>;
}

export interface PropertySighting {
  readonly collection: string;
  readonly path: string;
  readonly kind: PropertyKind;
}

export interface Admission {
  admits(path: string, kind: PropertyKind): boolean;
}

export interface CatalogueView extends PropertyView {
  /** The collections that have had an event, sorted; the first {@link COLLECTION_QUOTA} of them. */
  readonly collections: readonly CollectionView[];
}

export interface CollectionView {
  readonly name: string;
  /** Path to the kinds seen, in order of first sight. */
  readonly properties: Readonly<Record<string, readonly PropertyKind[]>>;
}

/** Distinct (path, kind) pairs of one project that are typed (Keen limited distinct properties too, figure unknown). */
export const PROPERTY_QUOTA = 1_000;

/** Distinct (path, kind) pairs of all projects together: the store's mapping is shared, and every node keeps it in memory. */
export const PROPERTY_BUDGET = 10_000;

/** Collections of one project that are listed. Events of further ones are stored and can be queried all the same. */
export const COLLECTION_QUOTA = 1_000;
