/** RFC 5321: of the path, less its brackets; and of what stands before the @. */
const MOST_CHARS = 254;
const MOST_LOCAL_CHARS = 64;

/**
 * One mailbox, as browsers understand it (HTML's `email`), with a domain of two labels at least: no name, no comment, no quotes, no second
 * address and nothing that could end a line. Letters beyond ASCII are not taken: servers that carry them are few.
 */
const FORM =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;

/** True for one address that every mail server takes. */
export function isMailAddress(text: string): boolean {
  return text.length <= MOST_CHARS && text.indexOf("@") <= MOST_LOCAL_CHARS && FORM.test(text);
}

/** Who mail is from: an address, and the name that stands beside it. */
export interface Sender {
  readonly address: string;
  readonly name: string;
}

/**
 * Reads `reports@example.com`, or `Millrace <reports@example.com>`.
 * @throws Error that says what it may be
 */
export function readSender(text: string): Sender {
  const [, name = "Millrace", address = ""] = /^(?:([^<>"\p{Cc}]{1,100}?)\s*<)?([^\s<>]+)>?$/u.exec(text.trim()) ?? [];
  if (isMailAddress(address)) return { address, name: name.trim() };
  throw new Error("MAIL_FROM must be an address such as reports@example.com, or Millrace <reports@example.com>.");
}
