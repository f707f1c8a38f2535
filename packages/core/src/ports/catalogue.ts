import type { PropertyKind } from "../event/flatten.ts";
import type { PropertyView } from "../query/field.ts";

/**
 * The property catalogue: which names of a project are typed in the store. Names are admitted month by month, so that names nobody
 * sends any more make room again; quota and budget bound the mapping of each month's index.
 */
export interface Catalogue {
  /**
   * Registers what a batch brings and answers which of it is admitted. What is not admitted is on record before this returns, so
   * that no later answer passes it over in silence. Cheap for known names.
   * @param when the months of all events of the batch
   * @param collections collections seen that may have brought no property at all
   */
  admit(
    project: string,
    sightings: readonly PropertySighting[],
    when: SightingMonths,
    collections?: readonly string[],
  ): Promise<Admission>;
  /**
   * The project's view for planning: at most a minute old.
   * @param collections names the caller is about to ask for: when one is missing, the view is read anew (once a second at most),
   * so that a collection can be queried as soon as its first event is stored
   */
  view(project: string, collections?: readonly string[]): Promise<CatalogueView>;
  /** This process reads the project's view anew: a property of it was deleted. Others do within a minute. */
  renew(project: string): void;
}

export interface PropertySighting {
  readonly collection: string;
  readonly path: string;
  readonly kind: PropertyKind;
  /** The deletion of the property after which it was seen, where there was one: it is back in the collection's schema. */
  readonly after?: string | undefined;
}

/** Months as numbers, see `monthOf`. */
export interface SightingMonths {
  /** Of the identity time: it decides in which index the events lie, and so whose budget their names use. */
  readonly identity: number;
  /** Of the timestamp: it decides which queries see them. */
  readonly timestamp: number;
}

export interface Admission {
  admits(path: string, kind: PropertyKind): boolean;
}

export interface CatalogueView extends PropertyView {
  /** The collections that have had an event, sorted; at least the first {@link COLLECTION_QUOTA} of each month. */
  readonly collections: readonly CollectionView[];
  readonly quota: QuotaView;
}

export interface CollectionView {
  readonly name: string;
  /** Path to the kinds seen, in order of first sight. */
  readonly properties: Readonly<Record<string, readonly PropertyKind[]>>;
}

/** How far a project's names fill their room now. */
export interface QuotaView {
  /** Distinct (path, kind) pairs in use: seen this month or last month. */
  readonly used: number;
  /** Most of them. */
  readonly most: number;
  /** True when a new name is not admitted now, because the project's quota or the budget of all projects is used up. */
  readonly full: boolean;
  /** Months of events of which some value came beyond the quota: `202611`; for what is far off, `before 202511`, `from 202701`. */
  readonly refusedIn: readonly string[];
}

/**
 * Distinct (path, kind) pairs of the projects of one group together in one month: the mapping of its indexes is in the memory of
 * every node.
 */
export const PROPERTY_BUDGET = 8_000;

/**
 * Distinct (path, kind) pairs of one project that are in use at a time: a twentieth of what it shares with others. A project that
 * needs more gets a group of its own, and with it the whole budget of one. (Keen limited distinct properties too, figure unknown.)
 */
export const PROPERTY_QUOTA = PROPERTY_BUDGET / 20;

/**
 * The same for what is too old or too far ahead to have a month of its own, such as imports of years of data. It lies in one index
 * for ever, so this never empties. With {@link PROPERTY_BUDGET} it is the most one index can get: 12,000 pairs, 24,000 fields.
 */
export const PROPERTY_BUDGET_APART = 4_000;

/** Collections of one project that are listed. Events of further ones are stored and can be queried all the same. */
export const COLLECTION_QUOTA = 1_000;
