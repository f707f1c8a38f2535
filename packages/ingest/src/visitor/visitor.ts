import { createHash, createHmac } from "node:crypto";
import type { Project, Salts } from "@millrace/access";
import { currentExecution } from "@millrace/core";

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
export function visitorAt(saltAt: Salts["saltAt"], project: Project, { address, userAgent }: Sender): VisitorAt {
  const content = JSON.stringify([project.id, address, userAgent]);
  const known = new Map<Buffer, string>();
  return async (at) => {
    const salt = await saltOrNone(saltAt, project, at);
    if (!salt) return undefined;
    const id = known.get(salt) ?? shortened(createHmac("sha256", salt).update(content).digest());
    known.set(salt, id);
    return id;
  };
}

async function saltOrNone(saltAt: Salts["saltAt"], project: Project, at: number): Promise<Buffer | undefined> {
  try {
    const salt = await saltAt(project, at);
    if (!salt) currentExecution()?.label("visitor.day_over", true);
    return salt;
  } catch {
    currentExecution()?.label("visitor.unknown", true);
    return undefined;
  }
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
