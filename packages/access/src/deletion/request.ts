import { MillraceError, readIso, type DeleteWhere } from "@millrace/core";
import { projectNotFound, type Projects } from "../projects/projects.ts";

/** A deletion as people ask for it. */
export interface DeletionRequest {
  readonly project: string;
  readonly visitor?: string | undefined;
  readonly collection?: string | undefined;
  /** ISO 8601, UTC where it says nothing else: events that happened from here on. */
  readonly from?: string | undefined;
  /** Events that happened before. */
  readonly to?: string | undefined;
}

/**
 * What is to be deleted of what was received until now. What cannot be meant is refused: there is no way back.
 * @param now milliseconds UTC
 * @throws MillraceError `ResourceNotFoundError` for an unknown project, `InvalidParameterError` naming what is wrong
 */
export async function readDeletion(
  projects: Pick<Projects, "get">,
  { project, visitor, collection, from, to }: DeletionRequest,
  now: number,
): Promise<DeleteWhere> {
  if (visitor !== undefined && collection !== undefined) {
    throw refused("Either a visitor or a collection: one deletion takes one or the other.");
  }
  if (visitor === "") throw refused("The visitor is empty.");
  if (collection === "") throw refused("The collection is empty.");
  const span = {
    ...(from !== undefined && { from: instant("from", from) }),
    ...(to !== undefined && { to: instant("to", to) }),
  };
  if (span.from !== undefined && span.to !== undefined && span.from >= span.to) {
    throw refused('"from" must be before "to": the span is empty.');
  }
  if ((await projects.get(project)) === undefined) throw projectNotFound();
  return {
    project,
    ...(visitor !== undefined && { visitor }),
    ...(collection !== undefined && { collection }),
    ...span,
    receivedBefore: now,
  };
}

function instant(name: string, text: string): number {
  const time = readIso(text);
  if (time) return time.ms;
  throw refused(
    `"${name}" is "${text.slice(0, 60)}", which is not an ISO 8601 time such as 2026-01-31 or 2026-01-31T12:00Z.`,
  );
}

function refused(message: string): MillraceError {
  return new MillraceError("InvalidParameterError", message);
}
