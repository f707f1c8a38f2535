import { hash } from "node:crypto";
import { MillraceError, type Clock, type RandomBytes, type Registry } from "@millrace/core";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from "openid-client";

/** One provider of OpenID Connect, as it knows us. */
export interface OpenIdSettings {
  /** For people: the button says it. */
  readonly name: string;
  /** Its address, below which `.well-known/openid-configuration` lies. https, or this machine in tests. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Who signed in, as the provider says. */
export interface Verified {
  readonly issuer: string;
  /** Never given to another of the provider's users, unlike an address. */
  readonly subject: string;
  readonly email: string;
  readonly name: string;
}

export interface OpenId {
  readonly name: string;
  /** Where to send the browser, and what it must bring back: for a cookie of its own. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly ticket: string }>;
  /**
   * @param callback whole address that the provider sent the browser to
   * @throws MillraceError `InvalidApiKeyError` for an answer that is not to a question of this browser, was used, is forged or is refused, and for
   * an address that the provider has not verified
   */
  finish(callback: URL, ticket: string): Promise<Verified>;
}

const TICKET_BYTES = 32;
/** How long somebody may take to sign in there. */
const TICKET_MS = 10 * 60_000;

interface Ticket {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Authorization code with PKCE, state and nonce; the signature of the ID token is checked although it came over TLS. */
export function createOpenId(
  { name, issuer, clientId, clientSecret }: OpenIdSettings,
  { registry, clock, random }: { registry: Registry; clock: Clock; random: RandomBytes },
): OpenId {
  const keyOf = (ticket: string) => ({ partition: `openid:${hash("sha256", ticket)}`, sort: "ticket" });
  let found: Promise<Configuration> | undefined;

  /** Asked once; again after a failure. */
  function configuration(): Promise<Configuration> {
    found ??= discover().catch((cause: unknown) => {
      found = undefined;
      throw new MillraceError("ServiceUnavailable", `${name} cannot be asked who you are. Try again.`, { cause });
    });
    return found;
  }

  async function discover(): Promise<Configuration> {
    const url = new URL(issuer);
    const insecure = url.protocol === "http:" && ["localhost", "127.0.0.1"].includes(url.hostname);
    const execute = insecure ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks];
    return discovery(url, clientId, clientSecret, undefined, { execute });
  }

  return {
    name,
    async begin(redirectUri) {
      const config = await configuration();
      const made: Ticket = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const ticket = Buffer.from(random(TICKET_BYTES)).toString("base64url");
      await registry.put(keyOf(ticket), made, { if: "absent", expiresAt: clock.now() + TICKET_MS });
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: "openid email profile",
        state: made.state,
        nonce: made.nonce,
        code_challenge: await calculatePKCECodeChallenge(made.verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, ticket };
    },
    async finish(callback, ticket) {
      const item = await registry.get<Ticket>(keyOf(ticket));
      if (!item) throw refused("This sign-in was begun in another browser, or too long ago.");
      // Before it is looked at: an answer counts once, whatever comes of it.
      await registry.delete(item.key);
      const { state, nonce, verifier } = item.value;
      const tokens = await authorizationCodeGrant(await configuration(), callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      }).catch((cause: unknown) => {
        throw refused(`${name} did not say who you are.`, cause);
      });
      const claims = tokens.claims();
      if (typeof claims?.["email"] !== "string") throw refused(`${name} did not tell your e-mail address.`);
      const { sub, email, email_verified: isVerified, name: called } = claims;
      // An address that nobody checked is whatever somebody typed there: they would be let in as whose it is.
      if (isVerified !== true && isVerified !== "true") throw refused(`${name} has not verified your e-mail address.`);
      return {
        issuer,
        subject: sub,
        email: String(email).toLowerCase(),
        name: typeof called === "string" ? called : "",
      };
    },
  };
}

function refused(message: string, cause?: unknown): MillraceError {
  return new MillraceError("InvalidApiKeyError", message, cause === undefined ? {} : { cause });
}
