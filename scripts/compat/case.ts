import { AssertionError } from "node:assert";

/** One thing that one client can do, as its documentation says to do it. */
export interface Case {
  /** The row of the table. */
  readonly method: string;
  /**
   * Does it, and checks what came of it.
   * @returns nothing when it works as with Keen; else in a few words what the client itself cannot do, whatever the server
   * @throws AssertionError for a wrong answer, and whatever the client throws or hands on for a refusal
   */
  run(): Promise<string | undefined | void>;
}

/** A released client, unmodified. */
export interface Client {
  readonly name: string;
  readonly version: string;
  /** The options that point it here, as they are written. */
  readonly host: string;
  readonly cases: readonly Case[];
}

export type Outcome =
  | { readonly kind: "works" }
  /** A clear error of the server's, by its code. */
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "client"; readonly limit: string }
  /** Something else than Keen's: a fault of ours. */
  | { readonly kind: "wrong"; readonly detail: string };

const TIMEOUT_MS = 30_000;

/** Runs a case to its end; no failure of one is in the way of the next. */
export async function outcomeOf(one: Case): Promise<Outcome> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  try {
    const limit = await Promise.race([one.run(), late.promise]);
    return limit ? { kind: "client", limit } : { kind: "works" };
  } catch (thrown) {
    const code = thrown instanceof AssertionError ? undefined : codeOf(thrown);
    return code === undefined ? { kind: "wrong", detail: textOf(thrown) } : { kind: "refused", code };
  } finally {
    clearTimeout(timer);
  }
}

/** The server's error code, wherever a client puts it. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { error_code, code, body } = thrown as Record<string, unknown>;
  const found = error_code ?? code ?? (typeof body === "object" && body !== null ? codeOf(body) : undefined);
  // ECONNREFUSED and ERROR are no words of a server's.
  return typeof found === "string" && /^[A-Z]+[a-z]+[A-Z][A-Za-z]+$/.test(found) ? found : undefined;
}

function textOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : JSON.stringify(thrown);
  return text.replaceAll(/\s+/g, " ").slice(0, 400);
}

/** The promise of a call that takes Node's kind of callback. */
export function called<T>(call: (callback: (error: unknown, value: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}
