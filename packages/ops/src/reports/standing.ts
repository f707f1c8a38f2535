import type { Registry, RegistryKey } from "@millrace/core";

/** What is to be told on a schedule. */
export interface Subject {
  readonly kind: "report" | "watch" | "subscription";
  /** Of its kind, in its project. */
  readonly name: string;
}

/** How far something that is told on a schedule has come. Small: the upkeep reads all of them. */
export interface Standing {
  readonly subject: Subject;
  /** When the upkeep looks at it next, milliseconds UTC. Of one that is being worked on: when others may believe that it died. */
  readonly dueAt: number;
  /** What is on its way; absent: nothing. */
  readonly telling?: Telling | undefined;
  readonly lastRun?: LastRun | undefined;
  /** Of a watch. */
  readonly watch?: WatchState | undefined;
  /** When the registry forgets it; absent: when its definition is gone. */
  readonly until?: number | undefined;
}

/** One message on its way to several. */
export interface Telling {
  /** What is told: the time of a report, the state of a watch. */
  readonly about: number;
  /** When it is too late to tell, milliseconds UTC. */
  readonly giveUpAt: number;
  /** Who needs no more tries: told, or refused for good. */
  readonly done: readonly string[];
  /** To whom a message was on its way when this was written. Still there in the next run: the process died, and nobody knows whether it arrived. */
  readonly trying?: string | undefined;
  /** Those to whom it happened: they were told again, and are not told a third time. */
  readonly unsure: readonly string[];
  /** Why some will not get it. */
  readonly refused: readonly string[];
  /** Rounds that came to nothing, and who could not be had in the last of them. */
  readonly tries: number;
  readonly missing: readonly string[];
}

export interface LastRun {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly ok: boolean;
  /** Why not; or what there is to say. */
  readonly message: string;
}

export interface WatchState {
  readonly severity: "ok" | "warn" | "critical";
  /** Since when it is so: the end of the bucket that showed it, milliseconds UTC. */
  readonly since: number;
  /** What was found in the newest bucket that was looked at, and its end. */
  readonly value: number | null;
  readonly seenUntil: number;
  /** What each target believes, by its key; absent: that all is well. */
  readonly told: Readonly<Record<string, "ok" | "warn" | "critical">>;
}

export interface KeptStanding {
  readonly standing: Standing;
  readonly version: number;
}

/** The schedule of reports and watches: what of each project is due when. */
export interface Standings {
  list(project: string): Promise<KeptStanding[]>;
  get(project: string, subject: Subject): Promise<KeptStanding | undefined>;
  /** Whatever was there. For whoever defines the thing anew. */
  put(project: string, standing: Standing): Promise<void>;
  /** Only over that version; undefined when somebody else was there. */
  change(project: string, standing: Standing, version: number): Promise<KeptStanding | undefined>;
  delete(project: string, subject: Subject): Promise<void>;
}

export function createStandings(registry: Registry): Standings {
  const optionsOf = ({ until }: Standing) => (until === undefined ? {} : { expiresAt: until });
  return {
    list: async (project) =>
      (await registry.list<Standing>(partitionOf(project))).map(({ value, version }) => ({ standing: value, version })),
    get: async (project, subject) => {
      const item = await registry.get<Standing>(keyOf(project, subject));
      return item && { standing: item.value, version: item.version };
    },
    put: async (project, standing) => {
      await registry.put(keyOf(project, standing.subject), standing, optionsOf(standing));
    },
    change: async (project, standing, version) => {
      const key = keyOf(project, standing.subject);
      const done = await registry.put(key, standing, { if: version, ...optionsOf(standing) });
      return done ? { standing, version: version + 1 } : undefined;
    },
    delete: (project, subject) => registry.delete(keyOf(project, subject)),
  };
}

/** When something is due that is paused: the last millisecond that there is. */
export const NEVER = 8.64e15;

/** True for what did not reach everybody, or has been trying to for half an hour. */
export function isInTrouble({ dueAt, telling, lastRun }: Standing): boolean {
  if (dueAt === NEVER) return false;
  return lastRun?.ok === false || (telling?.tries ?? 0) >= LATE_TRIES;
}

const LATE_TRIES = 3;

function partitionOf(project: string): string {
  return `sending:${project}`;
}

function keyOf(project: string, { kind, name }: Subject): RegistryKey {
  return { partition: partitionOf(project), sort: `${kind}/${name}` };
}
