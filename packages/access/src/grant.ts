import {
  all,
  MillraceError,
  type EmbedClaims,
  type EmbedOperation,
  type EmbedPanel,
  type Filter,
  type Json,
  type JsonObject,
  type Scope,
} from "@millrace/core";
import { badKey, notOfRole, notPermitted } from "./not-permitted.ts";
import type { Person } from "./people/people.ts";
import { ALL_READS, ROLE_MAY, roleIn } from "./people/roles.ts";
import type { Principal } from "./principal.ts";
import { PERMITS, type AccessKey, type AccessOptions, type NameRule } from "./projects/access-keys.ts";
import { hashKey, type KeyRecord } from "./projects/keys.ts";
import type { KeyKind, Permission, Project } from "./projects/project.ts";

/** What an authenticated request may do, and in which project. */
export interface Grant {
  readonly project: Project;
  /** Who asks: whom the audit log names, should something be changed. */
  readonly principal: Principal;
  readonly may: ReadonlySet<Permission>;
  /** Forced filter of every query made with this key (Keen's access keys). */
  readonly queryFilter?: Filter<string>;
  /** Properties added to every event recorded with this key (Keen's access keys). */
  readonly autofill?: JsonObject;
  /** Which saved queries, cached ones and datasets an access key may use. Absent: all. */
  readonly options?: Pick<AccessOptions, "saved_queries" | "cached_queries" | "datasets">;
  /** What an access key adds to saved queries only. */
  readonly savedFilter?: Filter<string>;
  /** Of an embed token: what its questions may be about. Absent: whatever the permissions let ask. */
  readonly embed?: EmbedRules;
}

/** What a customer's page may ask about, and how it looks. */
export interface EmbedRules extends Pick<EmbedClaims, "customer" | "window" | "theme" | "accent" | "locale"> {
  readonly panels: readonly EmbedPanel[];
  readonly collections: readonly string[];
  /** Every property that a question may name: never one that the forced filters are about. */
  readonly properties: ReadonlySet<string>;
  readonly origins: readonly string[];
  readonly annotations: boolean;
  /** Mail addresses that a report may be sent to. */
  readonly recipients: readonly string[];
  /** What it was read from, for what outlives it: a report that its holder asks for. Absent: a share link's. */
  readonly token?: EmbedTokenOrigin;
  /** Milliseconds UTC: when the token is over. */
  readonly endsAt: number;
}

/** An embed token, as far as what it said may hold on after its end. */
export interface EmbedTokenOrigin {
  readonly id: string;
  /** Which of the project's embed secrets it was made with. */
  readonly keyId: string;
  readonly claims: JsonObject;
}

/** What an embed token lets see. */
export interface EmbedGrant {
  /** What it can be revoked by. */
  readonly id: string;
  readonly rules: EmbedRules;
  readonly operations: readonly EmbedOperation[];
  /** Forced filters and the window. */
  readonly filter: Filter<string>;
}

/** What a grant lets see: its project, under its forced filter, with what the project says of bots. */
export function scopeOf({ project, queryFilter }: Grant): Scope {
  return {
    project: project.id,
    ...(queryFilter && { filter: queryFilter }),
    ...(project.bots && { bots: project.bots }),
  };
}

/** How the filters of an access key are read: by the parser of questions, which this package does not have. */
export type ReadFilters = (filters: readonly Json[], path: string) => Filter<string>;

const MAY: Record<KeyKind, ReadonlySet<Permission>> = {
  write: new Set(["write"]),
  read: new Set(ALL_READS),
  master: new Set(["write", ...ALL_READS, "define", "operate", "master"]),
};

/** Who asks: a key, and what is known of it. */
interface Caller {
  readonly project: Project;
  readonly key: string;
  readonly record: Holder | undefined;
}

/** Whose a key is: the project's own, an access key, or the token of a session, which is a person's. */
export type Holder = KeyRecord | AccessKey | { readonly kind: "person"; readonly person: Person };

/** What a project sees of itself: everything, unfiltered. For answers that the upkeep computes before anybody asks. */
export function ownGrant(project: Project): Grant {
  return { project, may: MAY.read, principal: UPKEEP };
}

/** Whatever is done on a schedule. */
export const UPKEEP: Principal = { kind: "command", id: "upkeep", name: "upkeep" };

/**
 * What a key lets do in its project.
 * @throws MillraceError `InvalidApiKeyError` when it is switched off, or lacks every one of `needs`; what `readFilters` throws for
 * forced filters that nobody can read any more: nothing is answered without them
 */
export function grantOf(
  { project, key, record }: Caller,
  needs: readonly Permission[],
  readFilters: ReadFilters,
): Grant {
  if (record === undefined) throw badKey(needs, key);
  if (record.kind === "person") return grantOfPerson(project, record.person, needs);
  if (record.kind !== "access") {
    const may = MAY[record.kind];
    if (!needs.some((need) => may.has(need))) throw badKey(needs, key);
    return { project, may, principal: { kind: "key", id: record.id, name: `${record.kind} key` } };
  }
  if (!record.active) throw new MillraceError("InvalidApiKeyError", "This access key is revoked.");
  const may = new Set(record.permitted.map((permission) => PERMITS[permission]));
  if (!needs.some((need) => may.has(need))) throw notPermitted(needs);
  const principal: Principal = { kind: "key", id: hashKey(key), name: record.name };
  return { project, may, principal, ...rulesOf(record.options, readFilters) };
}

/**
 * What somebody may do in a project, by their role in it: the same grant that a key would give, so that no route tells people and keys apart.
 * @throws MillraceError `InvalidApiKeyError` when they have no role there, in the words for a bad key: that there is such a project is not
 * theirs to know; or one that lacks every one of `needs`
 */
export function grantOfPerson(project: Project, person: Person, needs: readonly Permission[]): Grant {
  const role = roleIn(person.roles, project.id);
  if (role === undefined) throw badKey(needs, "");
  const may = ROLE_MAY[role];
  if (!needs.some((need) => may.has(need))) throw notOfRole(needs, role);
  return { project, may, principal: principalOf(person) };
}

/** Somebody who signed in, as the audit log names them. */
export function principalOf({ id, email }: Person): Principal {
  return { kind: "person", id, name: email };
}

/**
 * What an embed token lets do.
 * @throws MillraceError `InvalidApiKeyError` for what no token may do, or not this one
 */
export function grantOfEmbed(project: Project, embed: EmbedGrant, needs: readonly Permission[]): Grant {
  const may = new Set<Permission>(embed.operations);
  const principal: Principal = { kind: "embed", id: embed.id, name: embed.rules.customer };
  if (needs.some((need) => may.has(need))) {
    return { project, may, principal, queryFilter: embed.filter, embed: embed.rules };
  }
  throw new MillraceError("InvalidApiKeyError", "The embed token does not permit this.");
}

/**
 * For a part of a request that needs more than its route does.
 * @param needs one of them is enough
 * @throws MillraceError `InvalidApiKeyError`
 */
export function demandPermission({ may, embed }: Grant, ...needs: readonly Permission[]): void {
  if (needs.some((need) => may.has(need))) return;
  if (embed) throw new MillraceError("InvalidApiKeyError", "The embed token does not permit this.");
  throw notPermitted(needs);
}

function rulesOf({ writes, queries, ...options }: AccessOptions, readFilters: ReadFilters) {
  const filters = queries?.filters ?? [];
  const ofSaved = options.saved_queries?.filters ?? [];
  return {
    options,
    ...(writes?.autofill && { autofill: writes.autofill }),
    ...(filters.length > 0 && { queryFilter: readFilters(filters, "options.queries.filters") }),
    ...(ofSaved.length > 0 && { savedFilter: readFilters(ofSaved, "options.saved_queries.filters") }),
  };
}

/**
 * The grant under which a saved query is answered: the key's filters for questions hold for it as well, or a saved one would show
 * what they hide.
 * @param cached true for one with a refresh rate, which has a permission and names of its own
 * @throws MillraceError `InvalidApiKeyError` when the key may not use it
 */
export function grantForSaved(grant: Grant, name: string, cached: boolean): Grant {
  const group = cached ? "cached_queries" : "saved_queries";
  const rule = grant.options?.[group];
  if (!grant.may.has(group) || !isAllowed(name, rule)) {
    throw new MillraceError("InvalidApiKeyError", `The access key may not use the saved query "${name.slice(0, 80)}".`);
  }
  const { savedFilter, queryFilter } = grant;
  if (!savedFilter) return grant;
  return { ...grant, queryFilter: queryFilter ? all(queryFilter, savedFilter) : savedFilter };
}

export interface DatasetUse {
  readonly name: string;
  readonly operation: "read" | "list" | "retrieve";
  /** What is asked for, by index property: the values that it may mean. Absent: not known yet. */
  readonly index?: ReadonlyMap<string, readonly Json[]>;
}

/** What a key may see of a dataset. */
export interface DatasetGrant {
  readonly allowed: boolean;
  /** Of what was asked for that which the key may have: never a value that only reads like one of its own. */
  readonly index: ReadonlyMap<string, readonly Json[]>;
  /** @throws MillraceError `InvalidApiKeyError` where it is not allowed */
  demand(): void;
}

export function grantForDataset(
  { may, options }: Grant,
  { name, operation, index = new Map() }: DatasetUse,
): DatasetGrant {
  const { operations, allowed, blocked } = options?.datasets ?? {};
  const listed = allowed === undefined || Object.hasOwn(allowed, name);
  const rules = new Map(Object.entries((listed && allowed?.[name]?.index_by) || {}));
  const narrowed = new Map(
    [...index].map(([property, values]) => {
      const own = rules.get(property);
      return [property, own ? values.filter((value) => own.includes(value)) : values] as const;
    }),
  );
  const fits = may.has("datasets") && (operations === undefined || operations.includes(operation));
  const named = listed && !blocked?.includes(name);
  const granted = fits && named && [...narrowed.values()].every((values) => values.length > 0);
  return {
    allowed: granted,
    index: narrowed,
    demand: () => {
      if (granted) return;
      throw new MillraceError(
        "InvalidApiKeyError",
        `The access key may not ${operation} the dataset "${name.slice(0, 80)}" so.`,
      );
    },
  };
}

function isAllowed(name: string, { allowed, blocked }: NameRule = {}): boolean {
  return !blocked?.includes(name) && (allowed === undefined || allowed.includes(name));
}
