import type { BotRules } from "@millrace/core";

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
  /**
   * True: `${keen.ip}` is the sender's whole address, as it was Keen's. Absent: it is cut, and then nobody's. Whatever this says, the
   * visitor's address that we keep ourselves is cut.
   */
  readonly wholeAddresses?: boolean;
  /** Whose word on the visitor's address is believed. Absent: nobody's. */
  readonly proxies?: TrustedProxies;
  /** Who counts as a bot here. Absent: whom the label says. */
  readonly bots?: BotRules;
  /** Pages of these origins (`https://shop.example`) may record, and no others; who sends no origin is no page. Absent or empty: all may. */
  readonly origins?: readonly string[];
  /** Requests a second that may record, over ten seconds; more are told to come later. Absent: as many as come. */
  readonly requestsPerSecond?: number | undefined;
  /** Of the engine's time a minute for the project's questions. Absent: as much as any (shares/limits.ts). */
  readonly engineSecondsPerMinute?: number | undefined;
  /** Events of a calendar month (UTC) that may be recorded. Absent: as many as come. */
  readonly eventsPerMonth?: number | undefined;
  /** What becomes of more: they are refused (absent), or recorded all the same, and those who operate the project are told. */
  readonly beyondQuota?: "record" | undefined;
  /** Milliseconds UTC since when nothing is recorded any more. What is stored can still be asked about. */
  readonly archivedAt?: number | undefined;
}

/** The proxies of a project's own in front of its tracker: of a request that one of them passes on, the forwarded address is believed. */
export interface TrustedProxies {
  /** Addresses and ranges (`203.0.113.0/24`). */
  readonly addresses: readonly string[];
  /** SHA-256 of what a proxy without a fixed address sends in the header of `x-millrace-proxy` (proxies.ts). */
  readonly secretHash?: string;
}

/**
 * What a request can need. `read` is to ask questions; `define` to say which are saved and cached; `operate` to see and mend how the
 * pipeline runs (executions, dead letters, replay); `master` to hand out access keys and to delete events; `administer` to say who may
 * do what: keys, people, settings, and what of it changed. No key of a project may administer: a leaked one could not be taken back.
 * `view`, `export` and `reports` are those of an embed token: a route is closed to tokens until it names one of them.
 */
export type Permission =
  | "write"
  | "read"
  | "schema"
  | "saved_queries"
  | "cached_queries"
  | "datasets"
  | "define"
  | "operate"
  | "master"
  | "administer"
  | "view"
  | "export"
  | "reports";

/** The kinds of a project's own keys. A master key may do all but administer, a read key all that shows something. */
export type KeyKind = "write" | "read" | "master";
