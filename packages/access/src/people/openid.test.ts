import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { consoleRoutes } from "../console/console.ts";
import { appOf } from "../http/routes.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, MINUTE } from "../testing.ts";
import { createInvitations } from "./invitations.ts";
import { createOpenId } from "./openid.ts";

const HOME = "https://stats.example";
const CALLBACK = `${HOME}/console/openid/callback`;

/** What the provider says of each who may sign in there. */
const ACCOUNTS: Record<string, { email: string; email_verified: boolean; name: string }> = {
  ada: { email: "Ada@Example.com", email_verified: true, name: "Ada" },
  mallory: { email: "ada@example.com", email_verified: false, name: "Mallory" },
  heir: { email: "ada@example.com", email_verified: true, name: "Who got Ada's address later" },
  eve: { email: "eve@example.com", email_verified: true, name: "Eve" },
};

let server: Server;
let issuer = "";

/** A real provider with its own development pages for signing in, on this machine. */
beforeAll(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "millrace", client_secret: "secret", redirect_uris: [CALLBACK] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...ACCOUNTS[sub] }) }),
    cookies: { keys: ["of the test"] },
    jwks: { keys: [await signingKey()] },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => void answer(request, response));
});
afterAll(() => void server.close());

async function signingKey() {
  const { privateKey } = await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    true,
    ["sign", "verify"],
  );
  // Without the operations of the private one: they would be published with the public one.
  const { key_ops: _, ext: __, ...key } = await crypto.subtle.exportKey("jwk", privateKey);
  return { ...key, kid: "test", use: "sig", alg: "RS256" };
}

async function setUp() {
  const clock = fakeClock(Date.now());
  const { registry } = breakableRegistry(clock);
  const access = createAccess({ registry, clock, random: systemRandom });
  const settings = { name: "Example", issuer, clientId: "millrace", clientSecret: "secret" };
  const system = { registry, clock, random: systemRandom };
  const app = appOf(
    consoleRoutes({
      ...system,
      access,
      publicUrl: () => HOME,
      addressOf: () => "203.0.113.7",
      cookiePrefix: () => "millrace",
      openId: createOpenId(settings, system),
    }),
    () => {},
  );
  const shop = await access.projects.create({ name: "Shop" });
  const ada = await access.people.create({ email: "ada@example.com", name: "Ada", roles: { [shop.id]: "viewer" } });

  /** Goes to the provider as a browser does, and comes back with its answer. */
  async function begin(account: string) {
    const led = await app.request("/console/openid");
    const ticket = cookieOf(led);
    return { ticket, back: await signInThere(led.headers.get("location") ?? "", account) };
  }
  const finish = (back: URL, ticket: string) =>
    app.request(`/console/openid/callback${back.search}`, { headers: { cookie: ticket } });
  async function signIn(account: string) {
    const { back, ticket } = await begin(account);
    return finish(back, ticket);
  }
  return { app, access, registry, clock, shop, ada, begin, finish, signIn };
}

function cookieOf(response: Response): string {
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

/** Follows the provider's pages until it leads back to us. */
async function signInThere(start: string, account: string): Promise<URL> {
  const jar = new Map<string, string>();
  let url = new URL(start);
  let body: string | undefined;
  for (let step = 0; step < 12; step++) {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(body !== undefined && { body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get("location");
    if (location !== null) {
      url = new URL(location, url);
      body = undefined;
      if (url.href.startsWith(HOME)) return url;
      continue;
    }
    const page = await response.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) throw new Error(`The provider answered ${response.status}: ${page.slice(0, 300)}`);
    url = new URL(action, url);
    body = page.includes('name="login"') ? `prompt=login&login=${account}&password=x` : "prompt=consent";
  }
  throw new Error("The provider leads nowhere.");
}

const problemOf = (answer: Response) => decodeURIComponent(answer.headers.get("location") ?? "");

describe("signing in at a provider", () => {
  test("opens a session for whom the verified address belongs to, with PKCE, state and nonce", async () => {
    const { app, signIn, ada, access } = await setUp();
    const led = new URL((await app.request("/console/openid")).headers.get("location") ?? "");
    const asked = Object.fromEntries(led.searchParams);
    expect(asked).toMatchObject({ response_type: "code", code_challenge_method: "S256", redirect_uri: CALLBACK });
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked[name]?.length).toBeGreaterThan(40);
    const answer = await signIn("ada");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    const [session] = await access.sessions.list(ada.id);
    expect(session).toMatchObject({ method: "openid", from: "203.0.113.7" });
  });

  test("an answer counts once, in the browser that asked, within ten minutes, and as it was given", async () => {
    const { begin, finish, clock, access, ada } = await setUp();
    const first = await begin("ada");
    const elsewhere = await finish(first.back, "");
    expect(problemOf(elsewhere)).toContain("another browser");
    const forged = new URL(first.back);
    forged.searchParams.set("state", "made-up");
    expect(problemOf(await finish(forged, first.ticket))).toContain("did not say who you are");
    // The forged one used the ticket up.
    expect(problemOf(await finish(first.back, first.ticket))).toContain("another browser");
    const second = await begin("ada");
    expect((await finish(second.back, second.ticket)).headers.get("location")).toBe("/");
    expect(problemOf(await finish(second.back, second.ticket))).toContain("another browser");
    const [mine, theirs] = [await begin("ada"), await begin("ada")];
    expect(problemOf(await finish(theirs.back, mine.ticket))).toContain("did not say who you are");
    const late = await begin("ada");
    clock.advance(10 * MINUTE);
    expect(problemOf(await finish(late.back, late.ticket))).toContain("too long ago");
    expect(await access.sessions.list(ada.id)).toHaveLength(1);
  });

  test("an address that the provider has not verified is nobody's", async () => {
    const { signIn, access, ada } = await setUp();
    expect(problemOf(await signIn("mallory"))).toContain("has not verified");
    expect(await access.sessions.list(ada.id)).toEqual([]);
  });

  test("who gets somebody's address later does not get their account", async () => {
    const { signIn, access, ada } = await setUp();
    await signIn("ada");
    expect(problemOf(await signIn("heir"))).toContain("somebody else now");
    expect(await access.sessions.list(ada.id)).toHaveLength(1);
    expect((await signIn("ada")).headers.get("location")).toBe("/");
  });

  test("a stranger is let in only by an invitation to their address", async () => {
    const { signIn, access, registry, clock, shop } = await setUp();
    expect(problemOf(await signIn("eve"))).toContain("Nobody has invited eve@example.com");
    const invitations = createInvitations({ registry, clock, random: systemRandom });
    await invitations.create({ email: "eve@example.com", roles: { [shop.id]: "operator" }, invitedBy: "Ada" });
    expect((await signIn("eve")).headers.get("location")).toBe("/");
    expect((await access.people.byEmail("eve@example.com"))?.roles).toEqual({ [shop.id]: "operator" });
  });
});
