import { scrypt, timingSafeEqual } from "node:crypto";
import { MillraceError, type RandomBytes } from "@millrace/core";

/** Length is what resists guessing; rules about characters only make people write it down (NIST SP 800-63B). */
const MIN_CHARS = 12;
const MAX_CHARS = 1_000;

/**
 * scrypt with 64 MiB twice: one of the settings that OWASP holds for equal. Not Argon2: Node has it from 24.7 on, and what one machine of
 * an installation hashes all others must be able to check. The numbers stand in each hash, so that they can grow.
 */
const COST = { N: 2 ** 16, r: 8, p: 2 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Of no password. It is checked where there is none to check, for the time it takes. */
const DUMMY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

/** @throws MillraceError `InvalidParameterError` for one that is too short or too long */
export function demandPassword(password: string): void {
  if (password.length >= MIN_CHARS && password.length <= MAX_CHARS) return;
  throw new MillraceError("InvalidParameterError", `A password has ${MIN_CHARS} to ${MAX_CHARS} characters.`);
}

/** What is kept of a password. @throws as {@link demandPassword} */
export async function hashPassword(password: string, random: RandomBytes): Promise<string> {
  demandPassword(password);
  const salt = random(SALT_BYTES);
  const made = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, base64url(salt), base64url(made)].join("$");
}

/**
 * Whether a password is the one of that hash.
 * @param kept undefined where there is none: the answer is no, and takes as long as any other
 */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, n, r, p, salt = "", expected = ""] = (kept ?? DUMMY).split("$");
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const made = await derive(password.slice(0, MAX_CHARS), Buffer.from(salt, "base64url"), cost);
  return timingSafeEqual(made, Buffer.from(expected, "base64url")) && kept !== undefined;
}

function derive(password: string, salt: Uint8Array, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // One text has several forms in Unicode, and two keyboards type two of them.
    const text = password.normalize("NFKC");
    scrypt(text, salt, HASH_BYTES, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, made) =>
      error ? reject(error) : resolve(made),
    );
  });
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
