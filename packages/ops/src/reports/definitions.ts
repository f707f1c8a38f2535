import type { Clock, Json, JsonObject, RandomBytes, Registry } from "@millrace/core";
import { createStandings, type Standings } from "./standing.ts";
import type { Timing } from "./schedule.ts";
import type { Target } from "../notify/targets.ts";
import { createUnsubscribeLinks, type UnsubscribeLinks } from "./unsubscribe-links.ts";

/** A summary of a project that is sent each day or week. */
export interface Report extends Timing {
  readonly name: string;
  /** IANA zone; absent: the project's. */
  readonly timezone?: string | undefined;
  readonly to: readonly Target[];
  /** Of what it tells, as filters of a question; absent: all of the project. */
  readonly filters?: readonly Json[] | undefined;
  /** Nothing is sent while it is true. */
  readonly paused?: boolean | undefined;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What of a number is worth a message. */
export type Alert =
  | { readonly kind: "value"; readonly side: "below" | "above"; readonly than: number }
  /** `percent` of the same hour or day then. */
  | { readonly kind: "change"; readonly side: "below" | "above"; readonly percent: number; readonly of: Earlier };

export const EARLIER = ["previous_hour", "previous_day", "previous_week"] as const;
export type Earlier = (typeof EARLIER)[number];

/** A question that is asked of each hour or day when it is over, and told of when its answer becomes bad, and good again. */
export interface Watch {
  readonly name: string;
  readonly question:
    | { readonly kind: "saved"; readonly name: string }
    | { readonly kind: "own"; readonly analysis: string; readonly parameters: JsonObject };
  readonly unit: "hour" | "day";
  readonly alert: Alert;
  readonly severity: "warn" | "critical";
  /** Of days; absent: the project's. */
  readonly timezone?: string | undefined;
  readonly to: readonly Target[];
  /** Nobody looks while it is true. */
  readonly paused?: boolean | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A report that somebody asked for who sees a part of a project in a page of the company's. */
export interface Subscription extends Timing {
  readonly id: string;
  readonly address: string;
  readonly timezone: string;
  /** Of the token it was asked for with: whose it is, what it lets see, and what it ends with. */
  readonly customer: string;
  readonly claims: JsonObject;
  readonly keyId: string;
  readonly tokenId: string;
  readonly createdAt: number;
  /** When it ends by itself. */
  readonly expiresAt: number;
}

/** Things of one kind that a project keeps by name. */
export interface Named<T> {
  get(project: string, name: string): Promise<T | undefined>;
  /** All of them, in the order of their names. */
  list(project: string): Promise<T[]>;
  /** @param expiresAt milliseconds UTC; default: never */
  put(project: string, name: string, value: T, expiresAt?: number): Promise<void>;
  delete(project: string, name: string): Promise<void>;
}

/** What is kept of reports, watches and subscriptions. */
export interface Sending {
  readonly reports: Named<Report>;
  readonly watches: Named<Watch>;
  readonly subscriptions: Named<Subscription>;
  readonly standings: Standings;
  readonly links: UnsubscribeLinks;
}

/** In the registry, so that they are there while the store is down. */
export function createSending(deps: { registry: Registry; clock: Clock; random: RandomBytes }): Sending {
  return {
    reports: named(deps.registry, "report"),
    watches: named(deps.registry, "watch"),
    subscriptions: named(deps.registry, "subscription"),
    standings: createStandings(deps.registry),
    links: createUnsubscribeLinks(deps),
  };
}

function named<T>(registry: Registry, kind: string): Named<T> {
  const keyOf = (project: string, name: string) => ({ partition: `${kind}:${project}`, sort: name });
  return {
    get: async (project, name) => (await registry.get<T>(keyOf(project, name)))?.value,
    list: async (project) => (await registry.list<T>(`${kind}:${project}`)).map(({ value }) => value),
    put: async (project, name, value, expiresAt) => {
      await registry.put(keyOf(project, name), value, expiresAt === undefined ? {} : { expiresAt });
    },
    delete: (project, name) => registry.delete(keyOf(project, name)),
  };
}
