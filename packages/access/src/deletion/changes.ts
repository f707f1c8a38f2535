import { MillraceError, type Clock, type Registry } from "@millrace/core";

/** Which projects have changed, told in one item that everybody asks instead of asking for every project. */
export interface Changes {
  /**
   * The number of the project's newest change, at most `freshMs` old; undefined for a project that never had one.
   * @throws MillraceError `ServiceUnavailable` when that is not known
   */
  of(project: string): Promise<number | undefined>;
  /** Notes a change of a project, for every process. */
  tell(project: string): Promise<void>;
  /** All projects that ever had a change. */
  projects(): Promise<readonly string[]>;
  /** The same failure for whatever else must be read. @throws MillraceError `ServiceUnavailable` */
  failClosed<T>(reading: Promise<T>): Promise<T>;
}

export interface ChangesOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** How long an answer is believed, milliseconds. */
  readonly freshMs: number;
}

/** The stage's item. Its version is the number of its newest change. */
interface Told {
  /** The projects that changed last, newest last. */
  readonly projects: readonly string[];
}

interface Known {
  readonly version: number;
  readonly askedAt: number;
}

const NEWEST = { partition: "tombstones", sort: "changes" };
/** One item per project that has tombstones: a process that starts learns from it which of 10,000 projects it need not ask. */
const DIRECTORY = "tombstones:projects";
/** A process that slept through more changes than these reads the directory anew. */
const MOST_TOLD = 200;
/** Each lost race means that another change was told. */
const MAX_ATTEMPTS = 50;

export function createChanges({ registry, clock, freshMs }: ChangesOptions): Changes {
  /** The newest change of each project; one without tombstones is not in it. */
  const newest = new Map<string, number>();
  let known: Known | undefined;
  let asking: Promise<void> | undefined;

  async function readDirectory(version: number): Promise<void> {
    for (const { key } of await registry.list(DIRECTORY)) newest.set(key.sort, version);
  }

  async function ask(): Promise<void> {
    const askedAt = clock.now();
    const item = await registry.get<Told>(NEWEST);
    const version = item?.version ?? 0;
    if (known === undefined || version !== known.version) {
      const told = item?.value.projects ?? [];
      const first = version - told.length + 1;
      // A version that went back, as after a restore, is as good as no knowledge.
      if (known === undefined || version < known.version || first > known.version + 1) await readDirectory(version);
      else for (const [i, project] of told.entries()) if (first + i > known.version) newest.set(project, first + i);
    }
    known = { version, askedAt };
  }

  const failClosed = async <T>(reading: Promise<T>): Promise<T> => {
    try {
      return await reading;
    } catch (cause) {
      throw new MillraceError("ServiceUnavailable", "The registry cannot be reached. The request can be retried.", {
        cause,
      });
    }
  };

  return {
    failClosed,
    async of(project) {
      if (known === undefined || clock.now() - known.askedAt >= freshMs) {
        asking ??= ask().finally(() => (asking = undefined));
        await failClosed(asking);
      }
      return newest.get(project);
    },
    async tell(project) {
      await registry.put({ partition: DIRECTORY, sort: project }, null);
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const item = await registry.get<Told>(NEWEST);
        const projects = [...(item?.value.projects ?? []), project].slice(-MOST_TOLD);
        if (await registry.put<Told>(NEWEST, { projects }, { if: item?.version ?? "absent" })) {
          // This process knows at once.
          known = undefined;
          return;
        }
      }
      throw new MillraceError("ServiceUnavailable", "Too many deletions at once. Try again.");
    },
    async projects() {
      return (await registry.list(DIRECTORY)).map(({ key }) => key.sort);
    },
  };
}
