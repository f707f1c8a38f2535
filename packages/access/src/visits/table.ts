import { VISIT_TIMEOUT_MS, type Clock, type Registry, type VisitTouch } from "@millrace/core";
import { advance, knownPages, type VisitRecord } from "./record.ts";

/** Where the records of visits are kept: one per project and visitor id. Every change is conditional. */
export interface VisitTable {
  read(project: string, visitor: string): Promise<VisitRecord | undefined>;
  /**
   * The ordinary touch, in one request: continues the visit that runs, when the touch is later than it and its page views are new.
   * Where there is no record, it writes `fresh`, if one is given. Otherwise nothing is changed, and the record that is there is
   * answered, for whoever asked to decide.
   */
  proceed(
    visitor: string,
    touch: VisitTouch,
    fresh: VisitRecord | undefined,
  ): Promise<
    | { readonly done: true; readonly record: VisitRecord }
    | { readonly done: false; readonly before: VisitRecord | undefined }
  >;
  /** Writes a record whose version is one more than that of the record it replaces. Answers false when that one has changed. */
  write(project: string, visitor: string, record: VisitRecord): Promise<boolean>;
}

/** A laptop may be closed overnight with a request unanswered and send it again in the morning. */
export const VISIT_KEEP_MS = 24 * 3_600_000;

/** Visits in a registry whose reads cost nothing: the one-machine server's. */
export function createRegistryVisitTable(registry: Registry, clock: Clock): VisitTable {
  const keyOf = (project: string, visitor: string) => ({ partition: `visit:${project}:${visitor}`, sort: "running" });
  const table: VisitTable = {
    async read(project, visitor) {
      return (await registry.get<VisitRecord>(keyOf(project, visitor)))?.value;
    },
    async proceed(visitor, touch, fresh) {
      const before = await table.read(touch.project, visitor);
      if (before ? !isOrdinary(before, touch) : !fresh) return { done: false, before };
      const { record } = advance(before ?? (fresh as VisitRecord), touch);
      if (await table.write(touch.project, visitor, record)) return { done: true, record };
      return { done: false, before: await table.read(touch.project, visitor) };
    },
    async write(project, visitor, record) {
      const version = record.version - 1;
      return registry.put(keyOf(project, visitor), record, {
        if: version === 0 ? "absent" : version,
        expiresAt: clock.now() + VISIT_KEEP_MS,
      });
    },
  };
  return table;
}

/** What the condition of {@link VisitTable.proceed} says: running, not moved, in order, with new page views only. */
function isOrdinary(record: VisitRecord, touch: VisitTouch): boolean {
  return (
    record.moved === undefined &&
    record.last <= touch.to &&
    record.last >= touch.from - VISIT_TIMEOUT_MS &&
    knownPages(record, touch.pageViews).every((page) => page === undefined)
  );
}
