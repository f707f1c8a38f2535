/**
 * A project's embed secret, as its back end keeps it: `mres_PROJECT_KEY_` and four texts of 43 characters, each 32 bytes in base64url: the private
 * key that signs (d), its public half (x, y), and the key that seals. We keep the last three: who reads our registry can read tokens and make none.
 */
export interface EmbedSecret {
  readonly project: string;
  /** Which of the project's secrets it is. */
  readonly keyId: string;
  readonly d: string;
  readonly x: string;
  readonly y: string;
  readonly seal: string;
}

const FORM = /^mres_([0-9a-f]{24})_([0-9a-f]{8})_([\w-]{43})([\w-]{43})([\w-]{43})([\w-]{43})$/;

export function embedSecretText({ project, keyId, d, x, y, seal }: EmbedSecret): string {
  return `mres_${project}_${keyId}_${d}${x}${y}${seal}`;
}

/** Undefined for any other text. */
export function parseEmbedSecret(text: string): EmbedSecret | undefined {
  const [, project, keyId, d, x, y, seal] = FORM.exec(text) ?? [];
  if (!project || !keyId || !d || !x || !y || !seal) return undefined;
  return { project, keyId, d, x, y, seal };
}

/** The `kid` of both headers: the project first, so that a route without one in its path finds it there. */
export function embedKid({ project, keyId }: Pick<EmbedSecret, "project" | "keyId">): string {
  return `${project}.${keyId}`;
}
