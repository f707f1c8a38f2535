import type { Registry, RegistryKey } from "@millrace/core";
import { placeOf, type Subject } from "./kept-question.ts";

/** A subject whose answer the upkeep keeps new, and how that went the last time. */
export interface Scheduled {
  readonly subject: Subject;
  /** Milliseconds UTC. */
  readonly dueAt: number;
  /** Absent: not yet. */
  readonly lastRun?: Run;
  /** When the upkeep forgets it; absent: when its definition is gone. */
  readonly until?: number;
}

export interface Run {
  /** Milliseconds UTC. */
  readonly at: number;
  /** As of an answer over HTTP. */
  readonly status: number;
  readonly message: string;
}

/** What is to be refreshed of each project. Small items: the upkeep reads all of them. */
export interface Schedule {
  put(project: string, scheduled: Scheduled): Promise<void>;
  get(project: string, subject: Subject): Promise<Scheduled | undefined>;
  list(project: string, kind?: Subject["kind"]): Promise<Scheduled[]>;
  delete(project: string, subject: Subject): Promise<void>;
}

export function createSchedule(registry: Registry): Schedule {
  return {
    put: async (project, scheduled) => {
      const { until } = scheduled;
      await registry.put(keyOf(project, scheduled.subject), scheduled, until === undefined ? {} : { expiresAt: until });
    },
    get: async (project, subject) => (await registry.get<Scheduled>(keyOf(project, subject)))?.value,
    list: async (project, kind) => {
      const prefix = kind === undefined ? "" : `${kind}/`;
      return (await registry.list<Scheduled>(partitionOf(project), prefix)).map(({ value }) => value);
    },
    delete: (project, subject) => registry.delete(keyOf(project, subject)),
  };
}

function partitionOf(project: string): string {
  return `refresh:${project}`;
}

function keyOf(project: string, subject: Subject): RegistryKey {
  return { partition: partitionOf(project), sort: placeOf(subject) };
}
