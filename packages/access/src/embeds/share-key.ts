import { createHmac, timingSafeEqual } from "node:crypto";

/** What a share link's page asks with: what the link holds, and behind it the pass that its password was exchanged for. */
export interface ShareKey {
  readonly project: string;
  /** What the link itself holds. */
  readonly link: string;
  readonly pass?: Pass;
}

interface Pass {
  /** Milliseconds UTC: when the password is to be entered again. */
  readonly until: number;
  readonly proof: string;
}

const FORM = /^(share-([0-9a-f]{24})[0-9a-f]{48})(?:\.([0-9a-z]{1,10})\.([A-Za-z0-9_-]{43}))?$/;

/** Undefined for text of another form. Nothing is believed of it yet. */
export function readShareKey(text: string): ShareKey | undefined {
  const [, link, project, until, proof] = FORM.exec(text) ?? [];
  if (link === undefined || project === undefined) return undefined;
  if (until === undefined || proof === undefined) return { project, link };
  return { project, link, pass: { until: Number.parseInt(until, 36), proof } };
}

/**
 * A link with a pass until then. Nothing is written for one: whoever has the link's seal can tell that we made it.
 * @param seal of the link, which leaves the registry in no form
 */
export function withPass(link: string, seal: string, until: number): string {
  return `${link}.${until.toString(36)}.${proofOf(link, seal, until)}`;
}

export function holdsPass({ link, pass }: ShareKey, seal: string, now: number): boolean {
  if (!pass || pass.until <= now) return false;
  return timingSafeEqual(Buffer.from(proofOf(link, seal, pass.until)), Buffer.from(pass.proof));
}

function proofOf(link: string, seal: string, until: number): string {
  return createHmac("sha256", Buffer.from(seal, "base64url")).update(`${link}.${until}`).digest("base64url");
}
