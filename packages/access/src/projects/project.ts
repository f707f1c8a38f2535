import type { TrustedProxies } from "./proxies.ts";

/** One project: the tenant. Everything stored belongs to exactly one. */
export interface Project {
  /** 24 hex digits, as Keen's were. */
  readonly id: string;
  readonly name: string;
  /** IANA zone: its calendar days are the days of visitor salts and the default of the dashboard. */
  readonly timezone: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  /** Hosts that a recording link (`redirect=`) may send people to, lower case, without port. */
  readonly redirectHosts: readonly string[];
  /** Whose word on the visitor's address is believed. Absent: nobody's. */
  readonly proxies?: TrustedProxies;
}

/** What a key may be used for. A master key may do all three. */
export type Permission = "write" | "read" | "master";

export type KeyKind = Permission;
