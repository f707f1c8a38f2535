import { span, type Clock, type JsonObject, type RandomBytes, type Registry, type RegistryItem } from "@millrace/core";
import type { Principal } from "../principal.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** One change, as it is told to the log. */
export interface Change {
  readonly who: Principal;
  /** A thing and what was done with it: `project.create`, `key.revoke`, `person.invite`. */
  readonly what: `${string}.${string}`;
  /** Absent for what concerns no single project. */
  readonly project?: string | undefined;
  /** What was changed, as people would find it: an e-mail address, a key's id, a name. */
  readonly target?: string | undefined;
  /** As it was and as it is. Secrets are taken out here; leave out what did not change. */
  readonly before?: JsonObject | undefined;
  readonly after?: JsonObject | undefined;
  /** The address it came from, where there was one. */
  readonly from?: string | undefined;
}

export interface AuditEntry extends Change {
  readonly id: string;
  /** Milliseconds UTC. */
  readonly at: number;
}

export interface AuditQuestion {
  /** Absent: of all projects, and what concerns none. */
  readonly project?: string | undefined;
  /** Part of the name or the id of who did it; upper and lower case are one. */
  readonly who?: string | undefined;
  /** The beginning of what was done: `key` finds `key.create` and `key.revoke`. */
  readonly what?: string | undefined;
  /** Milliseconds UTC; entries of `from` and later, before `to`. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Where to go on. There may be none after it that fits. */
  readonly next?: string;
}

/** The log of every change that somebody made. It is only ever added to; what is older than {@link AUDIT_DAYS} ends by itself. */
export interface Audit {
  /**
   * Call it when the change is made: an entry about what then failed would be a lie that nobody can tell from the truth.
   * @throws what the registry throws: a change that cannot be logged must not look like one that was
   */
  record(change: Change): Promise<void>;
  search(question?: AuditQuestion): Promise<AuditPage>;
}

/** Two years: longer than any audit period that asks about the one before. */
export const AUDIT_DAYS = 730;
const DAY_MS = 86_400_000;
const DEFAULT_LIMIT = 50;
const MOST_LIMIT = 500;
/** Read at once while looking for entries that fit, and at most so often: a search answers what it found until then. */
const PAGE = 500;
const MOST_PAGES = 20;
const ID_BYTES = 6;
/** Beyond every time of the clock in milliseconds, with as many digits. */
const END_OF_TIME = 9_999_999_999_999;
const ALL = "audit-log:all";

/**
 * The audit log in the registry: once under its project, so that who may read that one's reads no other, and once under all. The sort key runs
 * backwards, so that the newest are read first.
 */
export function createAudit(deps: { registry: Registry; clock: Clock; random: RandomBytes }): Audit {
  const { registry, clock, random } = deps;
  let written = 0;
  return {
    record: ({ before, after, ...change }) =>
      span("registry.audit", undefined, async () => {
        const at = clock.now();
        const id = Buffer.from(random(ID_BYTES)).toString("hex");
        const entry: AuditEntry = {
          ...change,
          ...(before && { before: withoutSecrets(before) }),
          ...(after && { after: withoutSecrets(after) }),
          id,
          at,
        };
        // What one request changed within a millisecond stays in its order.
        const sort = `${backwards(at)}-${backwards(++written)}-${id}`;
        const expiresAt = at + AUDIT_DAYS * DAY_MS;
        const partitions = change.project === undefined ? [ALL] : [partitionOf(change.project), ALL];
        for (const partition of partitions) {
          await registry.put({ partition, sort }, entry, { if: "absent", expiresAt });
        }
      }),
    async search(question = {}) {
      const { project, limit = DEFAULT_LIMIT, to, after } = question;
      const partition = project === undefined ? ALL : partitionOf(project);
      const most = Math.min(limit, MOST_LIMIT);
      const entries: AuditEntry[] = [];
      let at = after ?? (to === undefined ? "" : backwards(to - 1));
      for (let page = 0; page < MOST_PAGES; page++) {
        const items = await registry.listFrom<AuditEntry>(partition, at, PAGE);
        for (const { key, value } of items) {
          if (key.sort === after) continue;
          if (question.from !== undefined && value.at < question.from) return { entries };
          if (fits(value, question)) entries.push(value);
          at = key.sort;
          if (entries.length === most) return { entries, next: at };
        }
        if (items.length < PAGE) return { entries };
        at = `${lastSort(items)}~`;
      }
      return { entries, next: at };
    },
  };
}

function lastSort(items: readonly RegistryItem<AuditEntry>[]): string {
  return items.at(-1)?.key.sort ?? "";
}

function fits({ who, what }: AuditEntry, question: AuditQuestion): boolean {
  const name = question.who?.toLowerCase();
  if (name !== undefined && !who.name.toLowerCase().includes(name) && who.id !== question.who) return false;
  return question.what === undefined || what.startsWith(question.what);
}

function partitionOf(project: string): string {
  return `audit-log:project:${project}`;
}

function backwards(at: number): string {
  return String(END_OF_TIME - at).padStart(13, "0");
}
