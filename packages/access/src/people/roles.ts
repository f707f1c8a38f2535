import type { Permission } from "../projects/project.ts";

/** What a person can be in a project, the one who may least first. */
export const ROLES = ["viewer", "analyst", "operator", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** Where a role holds: in one project, or in every project that there is and will be. */
export const EVERY_PROJECT = "*";

/** The roles of one person, by project id or {@link EVERY_PROJECT}. */
export type Roles = Readonly<Record<string, Role>>;

/** What shows something and changes nothing. */
export const ALL_READS = ["read", "schema", "saved_queries", "cached_queries", "datasets"] as const;

/**
 * What each role may do. Nobody records events as a person: that takes a key, so that what a browser session can reach does not
 * reach the events themselves.
 */
export const ROLE_MAY: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(ALL_READS),
  analyst: new Set([...ALL_READS, "define"]),
  operator: new Set([...ALL_READS, "define", "operate"]),
  owner: new Set([...ALL_READS, "define", "operate", "master", "administer"]),
};

/** The role of somebody in a project: of one for all projects and one for this, the one that may more. Undefined: none. */
export function roleIn(roles: Roles, project: string): Role | undefined {
  const held = [EVERY_PROJECT, project].flatMap((scope) =>
    Object.hasOwn(roles, scope) ? [ROLES.indexOf(roles[scope] ?? "viewer")] : [],
  );
  return held.length === 0 ? undefined : ROLES[Math.max(...held)];
}

/** True for somebody who owns the installation: who may make projects, and see and change who is in any of them. */
export function ownsEverything(roles: Roles): boolean {
  return Object.hasOwn(roles, EVERY_PROJECT) && roles[EVERY_PROJECT] === "owner";
}

/** True for somebody who operates the installation: who may see the executions and the health of all of it. */
export function operatesEverything(roles: Roles): boolean {
  const role = roleIn(roles, EVERY_PROJECT);
  return role !== undefined && ROLE_MAY[role].has("operate");
}
