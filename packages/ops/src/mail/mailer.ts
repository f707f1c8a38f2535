import type { Delivered } from "../notify/delivered.ts";

/** One mail to one mailbox. */
export interface Mail {
  readonly to: string;
  /** What the reader sees of it in a list. Control characters become spaces: a line break in it would be a header of its own. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Address that ends such mail: it shows a page when it is opened, and ends it when it is posted to (RFC 8058). */
  readonly unsubscribe?: string | undefined;
}

/** The way out for mail. */
export interface Mailer {
  /** Never throws. A mail that was taken, and whose acknowledgement was lost, is `unavailable`. */
  send(mail: Mail): Promise<Delivered>;
}

/** Why there is no mail where nobody said how. */
export const NO_MAIL = "This installation sends no mail: MAIL_FROM is not set.";

const MOST_SUBJECT_CHARS = 200;

/** A subject that is one line, whatever was put into it. */
export function subjectLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, MOST_SUBJECT_CHARS);
}

/**
 * The headers by which a mail program offers to end such mail with one click, without opening a page (RFC 2369 and 8058).
 * @throws Error for an address that a header cannot hold, which only a mistake of ours makes
 */
export function unsubscribeHeaders(address: string | undefined): Readonly<Record<string, string>> {
  if (address === undefined) return {};
  if (!/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]+$/.test(address)) throw new Error("This is no address for a header.");
  return { "List-Unsubscribe": `<${address}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
}
