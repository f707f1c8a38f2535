import { createHash, createHmac } from "node:crypto";
import type { Project } from "@millrace/access";
import { currentExecution, type PackedEvent } from "@millrace/core";
import type { IngestDeps } from "../deps.ts";

/** What a visitor id is made from. */
export interface Sender {
  /** Whole address (or whatever an import has in its place). */
  readonly address: string;
  readonly userAgent: string;
}

/** The id of one sender at an instant (milliseconds UTC): another one on each day of the project's zone. */
export type VisitorAt = (at: number) => Promise<string | undefined>;

const ID_BYTES = 16;

/**
 * The visitor id of a day: an HMAC, with the day's random salt, of project, address and user agent. Nothing is kept in the browser
 * and, once the salt is gone, nothing leads back. The day is that of the event, not of its receipt: what was done before midnight
 * and sent after it was done by the same visitor. Undefined when that day's salt is over, or cannot be had: the event is worth more
 * than its id, and a wrong id is a visitor too many.
 */
export function visitorAt({ salts }: Pick<IngestDeps, "salts">, project: Project, sender: Sender): VisitorAt {
  return idsOf(project, sender, (at) => salts.saltAt(project, at));
}

/** The same for an import, whose days may be long past. */
export function importedVisitorAt({ salts }: Pick<IngestDeps, "salts">, project: Project, sender: Sender): VisitorAt {
  return idsOf(project, sender, (at) => salts.importSaltAt(project, at));
}

type SaltAt = (at: number) => Promise<Buffer | undefined>;

function idsOf(project: Project, { address, userAgent }: Sender, saltAt: SaltAt): VisitorAt {
  const content = JSON.stringify([project.id, address, userAgent]);
  const known = new Map<Buffer, string>();
  return async (at) => {
    const salt = await saltOrNone(saltAt, at);
    if (!salt) return undefined;
    const id = known.get(salt) ?? shortened(createHmac("sha256", salt).update(content).digest());
    known.set(salt, id);
    return id;
  };
}

async function saltOrNone(saltAt: SaltAt, at: number): Promise<Buffer | undefined> {
  try {
    const salt = await saltAt(at);
    if (!salt) currentExecution()?.label("visitor.day_over", true);
    return salt;
  } catch {
    currentExecution()?.label("visitor.unknown", true);
    return undefined;
  }
}

/** How many of these have no visitor. Where a sender is known, that is because the salt of their day was over, or could not be had. */
export function withoutVisitor(events: readonly Pick<PackedEvent, "context">[]): number {
  return events.filter(({ context }) => context?.visitor === undefined).length;
}

/** The id of a visitor the site identified, with consent: the same on every day. */
export function identifiedVisitor(project: Project, user: string): string {
  return shortened(
    createHash("sha256")
      .update(JSON.stringify([project.id, user]))
      .digest(),
  );
}

function shortened(digest: Buffer): string {
  return digest.subarray(0, ID_BYTES).toString("base64url");
}
