import { EMBED_OPERATIONS, MillraceError } from "@millrace/core";
import { ALL_READS, type Role } from "./people/roles.ts";
import { PERMITS } from "./projects/access-keys.ts";
import type { KeyKind, Permission } from "./projects/project.ts";

const OF_EMBEDS: ReadonlySet<Permission> = new Set(EMBED_OPERATIONS);

/**
 * Why somebody may not do what takes one of `needs`. What no key and nobody's role permits takes an embed token, whoever asks: whoever has
 * a key or a role asks the project itself.
 */
function refused(needs: readonly Permission[], said: string): MillraceError {
  const takesEmbed = needs.every((need) => OF_EMBEDS.has(need));
  return new MillraceError("InvalidApiKeyError", takesEmbed ? "This needs an embed token." : said);
}

/** Keen's scoped keys: an initialisation vector and blocks of AES, 16 bytes each, in hex. Only shorter ones look like a key. */
const SCOPED_KEY = /^(?:[0-9a-f]{32}){3,}$/i;

/** Asked with a key that is none of the project's, or of another kind. */
export function badKey(needs: readonly Permission[], key: string): MillraceError {
  const isScoped = SCOPED_KEY.test(key);
  return refused(
    needs,
    isScoped
      ? "Scoped keys are not supported. Use an access key."
      : `The key is not a ${kindFor(needs)} key of this project.`,
  );
}

/** Asked without any. */
export function noKey(needs: readonly Permission[]): MillraceError {
  return refused(needs, `This needs a ${kindFor(needs)} key.`);
}

/** Asked by somebody whose role does not reach so far. */
export function notOfRole(needs: readonly Permission[], role: Role): MillraceError {
  return refused(needs, `This is not for the role ${role}.`);
}

/** Asked with an access key that lacks it. */
export function notPermitted(needs: readonly Permission[]): MillraceError {
  const names = Object.entries(PERMITS).filter(([, permitted]) => needs.includes(permitted));
  const said = names.length === 0 ? "it takes the master key" : `it lacks ${names.map(([name]) => name).join(" or ")}`;
  return refused(needs, `The access key does not permit this: ${said}.`);
}

/** The kind of key that a caller would take for it. */
export function kindFor(needs: readonly Permission[]): KeyKind {
  if (needs.includes("write")) return "write";
  return ALL_READS.some((read) => needs.includes(read)) ? "read" : "master";
}
