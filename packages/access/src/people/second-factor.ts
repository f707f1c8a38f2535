import { hash } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { MillraceError, type Clock, type RandomBytes, type Registry, type RegistryKey } from "@millrace/core";

/**
 * The second factor of people: codes that an app on their phone makes of a secret and the time (TOTP, RFC 6238), and codes for the day when the
 * phone is gone. It stands behind a password; a provider of OpenID Connect has its own.
 */
export interface SecondFactors {
  /** Makes a secret that counts for nothing until {@link SecondFactors.confirm} has seen a code of it. */
  begin(person: string, named: { readonly issuer: string; readonly account: string }): Promise<NewSecret>;
  /**
   * Turns it on, in place of one that was on.
   * @returns codes that open once each, shown this once
   * @throws MillraceError `InvalidParameterError` when nothing was begun within a quarter of an hour, or the code is not of it
   */
  confirm(person: string, code: string): Promise<readonly string[]>;
  /** How many of the codes for emergencies are left; undefined where there is no second factor. */
  left(person: string): Promise<number | undefined>;
  /** Whether the code is right, which it is once. */
  check(person: string, code: string): Promise<boolean>;
  /** False when there was none. */
  remove(person: string): Promise<boolean>;
}

export interface NewSecret {
  /** Base32, for who cannot scan. */
  readonly secret: string;
  /** `otpauth://totp/…`, which apps read from a picture. */
  readonly uri: string;
}

interface Kept {
  readonly secret: string;
  /** The last half minute whose code was used: neither it nor one before it opens again (RFC 6238, section 5.2). */
  readonly usedStep: number;
  /** Hashes. */
  readonly emergency: readonly string[];
}

/** RFC 4226 asks for 160 bits. */
const SECRET_BYTES = 20;
const STEP_MS = 30_000;
/** Half minutes that a clock may be off, either way. */
const WINDOW = 1;
const BEGUN_MS = 15 * 60_000;
const EMERGENCY_CODES = 10;
/** 60 bits: nobody guesses one in the tries there are. */
const EMERGENCY_CHARS = 12;
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

export function createSecondFactors(deps: { registry: Registry; clock: Clock; random: RandomBytes }): SecondFactors {
  const { registry, clock, random } = deps;
  const kept = (person: string) => registry.get<Kept>(keyOf(person));

  return {
    async begin(person, { issuer, account }) {
      const secret = new Secret({ buffer: new Uint8Array(random(SECRET_BYTES)).buffer });
      const expiresAt = clock.now() + BEGUN_MS;
      await registry.put(begunKey(person), secret.base32, { expiresAt });
      return { secret: secret.base32, uri: new TOTP({ issuer, label: account, secret }).toString() };
    },
    async confirm(person, code) {
      const begun = await registry.get<string>(begunKey(person));
      if (!begun || (begun.expiresAt ?? 0) <= clock.now()) {
        throw new MillraceError(
          "InvalidParameterError",
          "Begin again: the picture is older than a quarter of an hour.",
        );
      }
      const step = stepOf(begun.value, code, clock.now());
      if (step === undefined) {
        throw new MillraceError(
          "InvalidParameterError",
          "code: is not what the app shows now. Is the clock of the phone right?",
        );
      }
      const codes = Array.from({ length: EMERGENCY_CODES }, () => emergencyCode(random));
      await registry.put(keyOf(person), {
        secret: begun.value,
        usedStep: step,
        emergency: codes.map(hashOf),
      } satisfies Kept);
      await registry.delete(begunKey(person));
      return codes;
    },
    left: async (person) => (await kept(person))?.value.emergency.length,
    async check(person, code) {
      for (;;) {
        const item = await kept(person);
        const after = item && afterUse(item.value, code, clock.now());
        if (!item || !after) return false;
        // Of two who come with one code at once, one has it.
        if (await registry.put(item.key, after, { if: item.version })) return true;
      }
    },
    async remove(person) {
      const wasOn = (await kept(person)) !== undefined;
      await registry.delete(begunKey(person));
      await registry.delete(keyOf(person));
      return wasOn;
    },
  };
}

/** What is kept once the code was used; undefined for a code that is not right. */
function afterUse(kept: Kept, code: string, now: number): Kept | undefined {
  const step = stepOf(kept.secret, code, now);
  if (step !== undefined) return step > kept.usedStep ? { ...kept, usedStep: step } : undefined;
  const used = hashOf(code);
  const emergency = kept.emergency.filter((each) => each !== used);
  return emergency.length < kept.emergency.length ? { ...kept, emergency } : undefined;
}

/** The half minute whose code it is. */
function stepOf(secret: string, code: string, now: number): number | undefined {
  const token = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = new TOTP({ secret }).validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta;
}

/** `abcd-efgh-jkmn`, of signs that nobody mistakes for another. */
function emergencyCode(random: RandomBytes): string {
  const signs = Array.from(random(EMERGENCY_CHARS), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
  return signs.replace(/(.{4})(.{4})(.{4})/, "$1-$2-$3");
}

/** However it was written down. */
function hashOf(code: string): string {
  return hash("sha256", `emergency ${code.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}`);
}

function keyOf(person: string): RegistryKey {
  return { partition: `second-factor:${person}`, sort: "on" };
}

function begunKey(person: string): RegistryKey {
  return { partition: `second-factor:${person}`, sort: "begun" };
}
