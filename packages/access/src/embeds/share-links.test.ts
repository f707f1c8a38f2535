import { EVERYTHING, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { createAccess } from "../authenticate.ts";
import { createThrottle } from "../people/throttle.ts";
import { hashKey } from "../projects/keys.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE } from "../testing.ts";
import { createEmbeds, projectOfEmbed } from "./embeds.ts";
import { holdsPass, readShareKey, withPass } from "./share-key.ts";

const SHOP = "5".repeat(24);
const BLOG = "6".repeat(24);
const PASSWORD = "correct horse battery";
const DAY = 24 * HOUR;

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const read: JsonObject[] = [];
  const embeds = createEmbeds({
    registry,
    clock,
    random: systemRandom,
    readClaims: (claims) => {
      read.push(claims);
      const rules = { panels: [], collections: [], origins: [], recipients: [] };
      return {
        operations: ["view"],
        filter: EVERYTHING,
        rules: { ...rules, customer: claims["customer"] as string, properties: new Set(), annotations: false },
      };
    },
  });
  const link = (more: { password?: string; name?: string; lifeMs?: number } = {}, project = SHOP) =>
    embeds.shareLinks.create(project, { name: "Board", claims: { panels: [] }, lifeMs: DAY, ...more });
  const enter = (key: string, password: string, more: { from?: string | undefined; projectId?: string } = {}) =>
    embeds.shareLinks.open({ projectId: SHOP, from: "203.0.113.7", link: key, password, ...more });
  /** As that many passwords that were wrong, without the time that each of them takes. */
  const tried = async (what: string, times: number) => {
    const throttle = createThrottle({ registry, clock });
    for (let i = 0; i < times; i++) await throttle.begin([{ name: what, most: Infinity }]);
  };
  return { clock, registry, state, read, embeds, link, enter, tried };
}

const ENDED = { code: "InvalidApiKeyError", message: "This link has ended, or was revoked." };
const APART = { code: "InvalidApiKeyError", message: "Link and password do not belong together." };

describe("a link", () => {
  test("shows what it was made for under its name until its end, and no moment longer", async () => {
    const { link, embeds, clock, read } = setUp();
    const made = await link({ name: "For the board" });
    expect(made.key).toMatch(/^share-5{24}[0-9a-f]{48}$/);
    expect(made.link).toEqual({
      id: hashKey(made.key),
      name: "For the board",
      claims: { panels: [] },
      createdAt: clock.now(),
      expiresAt: clock.now() + DAY,
    });
    const grant = await embeds.read(made.key);
    expect(grant).toMatchObject({
      id: made.link.id,
      rules: { customer: "For the board", endsAt: made.link.expiresAt },
    });
    // What outlives a token has one to hold on to; a link has none.
    expect(grant.rules).not.toHaveProperty("token");
    expect(read).toEqual([{ panels: [], customer: "For the board" }]);
    clock.advance(DAY - 1);
    await embeds.read(made.key);
    clock.advance(1);
    await expect(embeds.read(made.key)).rejects.toMatchObject(ENDED);
  });

  test("that is in the cache yet ends with its time", async () => {
    const { link, embeds, clock } = setUp();
    const { key } = await link({ lifeMs: MINUTE / 2 });
    await embeds.read(key);
    clock.advance(MINUTE / 2);
    await expect(embeds.read(key)).rejects.toMatchObject(ENDED);
  });

  test("that was made up is none, and one that is revoked is over at once", async () => {
    const { link, embeds } = setUp();
    const { key, link: made } = await link();
    await expect(embeds.read(`share-${SHOP}${"0".repeat(48)}`)).rejects.toMatchObject(ENDED);
    await embeds.read(key);
    await expect(embeds.shareLinks.revoke(BLOG, made.id)).rejects.toMatchObject({
      code: "ResourceNotFoundError",
      message: "Resource not found. There is no such link.",
    });
    await embeds.shareLinks.revoke(SHOP, made.id);
    await expect(embeds.read(key)).rejects.toMatchObject(ENDED);
    await expect(embeds.shareLinks.revoke(SHOP, made.id)).rejects.toMatchObject({ code: "ResourceNotFoundError" });
  });

  test("is not shown from before while the registry is down", async () => {
    const { link, embeds, clock, state } = setUp();
    const { key } = await link();
    await embeds.read(key);
    state.down = true;
    clock.advance(MINUTE - 1);
    await embeds.read(key);
    clock.advance(1);
    await expect(embeds.read(key)).rejects.toMatchObject({ code: "ServiceUnavailable" });
  });

  test("is listed with those of its project, the oldest first, without what it holds", async () => {
    const { link, embeds, clock } = setUp();
    const keys: string[] = [];
    for (const name of ["b", "c", "a"]) {
      keys.push((await link({ name })).key);
      clock.advance(1);
    }
    await link({ name: "another's" }, BLOG);
    const listed = await embeds.shareLinks.list(SHOP);
    expect(listed.map(({ name }) => name)).toEqual(["b", "c", "a"]);
    for (const key of keys) expect(JSON.stringify(listed)).not.toContain(key);
  });

  test("two hundred of a project are as many as there may be", async () => {
    const { link } = setUp();
    for (let i = 0; i < 200; i++) await link();
    await expect(link()).rejects.toMatchObject({
      code: "InvalidParameterError",
      message: "The project has 200 links. Revoke some of them.",
    });
    await link({}, BLOG);
  });

  test("whose password is too short is not made", async () => {
    const { link, embeds } = setUp();
    await expect(link({ password: "short" })).rejects.toMatchObject({ code: "InvalidParameterError" });
    expect(await embeds.shareLinks.list(SHOP)).toEqual([]);
  });
});

describe("a link with a password", () => {
  test("shows nothing by itself, and for half a day to whoever entered the password", async () => {
    const { link, enter, embeds, clock } = setUp();
    const { key, link: made } = await link({ password: PASSWORD });
    expect(JSON.stringify(made)).not.toContain(PASSWORD);
    const asked = { code: "PasswordRequired", message: "This link asks for a password." };
    await expect(embeds.read(key)).rejects.toMatchObject(asked);
    const opened = await enter(key, PASSWORD);
    expect(opened.endsAt).toBe(clock.now() + 12 * HOUR);
    expect((await embeds.read(opened.key)).rules.endsAt).toBe(opened.endsAt);
    clock.advance(12 * HOUR - 1);
    await embeds.read(opened.key);
    clock.advance(1);
    await expect(embeds.read(opened.key)).rejects.toMatchObject(asked);
  });

  test("lets nobody in for longer than it lives itself", async () => {
    const { link, enter, embeds, clock } = setUp();
    const { key, link: made } = await link({ password: PASSWORD, lifeMs: HOUR });
    const opened = await enter(key, PASSWORD);
    expect(opened.endsAt).toBe(made.expiresAt);
    clock.advance(HOUR);
    await expect(embeds.read(opened.key)).rejects.toMatchObject(ENDED);
    await expect(enter(key, PASSWORD)).rejects.toMatchObject(APART);
  });

  test("is opened by no other password, link, or project, nor is one without a password: all are told the same", async () => {
    const { link, enter } = setUp();
    const { key } = await link({ password: PASSWORD });
    const { key: open } = await link();
    for (const [text, password, project] of [
      [key, `${PASSWORD}!`, SHOP],
      [key, PASSWORD, BLOG],
      [`share-${SHOP}${"0".repeat(48)}`, PASSWORD, SHOP],
      [open, PASSWORD, SHOP],
      ["no link", PASSWORD, SHOP],
    ] as const) {
      await expect(enter(text, password, { projectId: project }), `${text} ${project}`).rejects.toMatchObject(APART);
    }
    expect((await enter(key, PASSWORD)).key).toContain(key);
  });

  test("is tried ten times in a quarter of an hour, unless the right password comes between; others are not in its way", async () => {
    const { link, enter, tried, clock } = setUp();
    const [{ key }, { key: other }] = [await link({ password: PASSWORD }), await link({ password: PASSWORD })];
    await tried(`link ${hashKey(key)}`, 9);
    await enter(key, PASSWORD);
    await tried(`link ${hashKey(key)}`, 9);
    await expect(enter(key, "wrong")).rejects.toMatchObject(APART);
    await expect(enter(key, PASSWORD)).rejects.toMatchObject({ code: "RateLimitExceeded" });
    await enter(other, PASSWORD);
    clock.advance(15 * MINUTE);
    await enter(key, PASSWORD);
  });

  test.each(["203.0.113.7", undefined])(
    "sixty tries from one place, %s, are as many as are made of any links",
    async (from) => {
      const { enter, tried } = setUp();
      await tried(`address ${from ?? "unknown"}`, 59);
      await expect(enter("made up", "wrong", { from })).rejects.toMatchObject(APART);
      await expect(enter("another", "wrong", { from })).rejects.toMatchObject({ code: "RateLimitExceeded" });
      await expect(enter("another", "wrong", { from: "198.51.100.1" })).rejects.toMatchObject(APART);
    },
  );
});

describe("the form of a link's key", () => {
  const LINK = `share-${SHOP}${"a1".repeat(24)}`;
  const SEAL = Buffer.from("seal").toString("base64url");
  const UNTIL = 1_800_000_000_000;

  test("tells its project, and the pass that follows it", () => {
    expect(readShareKey(LINK)).toEqual({ project: SHOP, link: LINK });
    const passed = withPass(LINK, SEAL, UNTIL);
    expect(readShareKey(passed)).toEqual({
      project: SHOP,
      link: LINK,
      pass: { until: UNTIL, proof: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(projectOfEmbed(passed)).toBe(SHOP);
  });

  test.each([
    ` ${LINK}`,
    `${LINK} `,
    LINK.toUpperCase(),
    LINK.slice(0, -1),
    `${LINK}0`,
    `${LINK}.1`,
    `${LINK}.1.${"x".repeat(42)}`,
    `${LINK}.${"1".repeat(11)}.${"x".repeat(43)}`,
    `${LINK}..${"x".repeat(43)}`,
    "",
    "share-",
  ])("%j is none", (text) => {
    expect(readShareKey(text)).toBeUndefined();
    expect(projectOfEmbed(text)).toBeUndefined();
  });

  test("a pass holds before its end, for its own link and end, proved with that link's seal", () => {
    const held = (text: string, seal = SEAL, now = UNTIL - 1) => {
      const key = readShareKey(text);
      return key && holdsPass(key, seal, now);
    };
    const passed = withPass(LINK, SEAL, UNTIL);
    const proof = passed.split(".")[2];
    const other = `share-${SHOP}${"b2".repeat(24)}`;
    expect(held(passed)).toBe(true);
    expect(held(passed, SEAL, UNTIL)).toBe(false);
    expect(held(LINK)).toBe(false);
    expect(held(passed, Buffer.from("other").toString("base64url"))).toBe(false);
    expect(held(`${LINK}.${(UNTIL + 1).toString(36)}.${proof}`)).toBe(false);
    expect(held(`${other}.${UNTIL.toString(36)}.${proof}`)).toBe(false);
  });
});

describe("a token of our own making", () => {
  test("is good for its seconds, and nobody can list its key or make another", async () => {
    const { embeds, clock, registry } = setUp();
    const { token, endsAt } = await embeds.keys.signOnce(SHOP, { customer: "acme", panels: [] }, 90);
    expect(endsAt).toBe(clock.now() + 90_000);
    expect(projectOfEmbed(token)).toBe(SHOP);
    const grant = await embeds.read(token);
    expect(grant).toMatchObject({
      id: expect.stringMatching(/^once-[0-9a-f]{8}$/),
      rules: { customer: "acme", endsAt, token: { claims: { customer: "acme", panels: [] } } },
    });
    expect(grant.rules.token).toMatchObject({ id: grant.id, keyId: grant.id.slice("once-".length) });
    expect(await embeds.keys.list(SHOP)).toEqual([]);
    const kept = JSON.stringify(await registry.list(`embed-keys:${SHOP}`));
    expect(kept).toContain('"once":true');
    expect(kept).not.toContain('"d"');
    // With its key it ends, beyond which no clock that is a little off lets it in.
    clock.advance(90_000);
    expect(await registry.list(`embed-keys:${SHOP}`)).toEqual([]);
    clock.advance(MINUTE);
    await expect(embeds.read(token)).rejects.toThrow("its secret is unknown, or was revoked");
  });
});

test("of secrets that are listed the oldest is first; what is revoked twice, or in another project, is not there", async () => {
  const { embeds, clock } = setUp();
  const first = await embeds.keys.create(SHOP);
  clock.advance(1);
  const second = await embeds.keys.create(SHOP);
  expect(await embeds.keys.list(SHOP)).toEqual([first.key, second.key]);
  await expect(embeds.keys.create(SHOP)).rejects.toThrow("The project has 2 embed secrets. Revoke the one");
  const unknown = { code: "ResourceNotFoundError", message: expect.stringContaining("no such embed secret") };
  await expect(embeds.keys.revoke(BLOG, first.key.id)).rejects.toMatchObject(unknown);
  await embeds.keys.revoke(SHOP, first.key.id);
  await expect(embeds.keys.revoke(SHOP, first.key.id)).rejects.toMatchObject(unknown);
  expect(await embeds.keys.list(SHOP)).toEqual([second.key]);
});

test("that a token is revoked is kept for as long as it could have lived, of its own project", async () => {
  const { embeds, clock } = setUp();
  await embeds.keys.revokeToken(SHOP, "token-0001");
  expect(await embeds.keys.isRevoked(SHOP, "token-0001")).toBe(true);
  expect(await embeds.keys.isRevoked(SHOP, "token-0002")).toBe(false);
  expect(await embeds.keys.isRevoked(BLOG, "token-0001")).toBe(false);
  clock.advance(DAY - 1);
  expect(await embeds.keys.isRevoked(SHOP, "token-0001")).toBe(true);
  clock.advance(30 * DAY);
  expect(await embeds.keys.isRevoked(SHOP, "token-0001")).toBe(false);
});

test("a secret that cannot be kept under its name is not given out", async () => {
  const { registry, clock } = setUp();
  const embeds = createEmbeds({
    registry,
    clock,
    random: (count) => new Uint8Array(count),
    readClaims: () => {
      throw new Error("nothing is read");
    },
  });
  const access = createAccess({ registry, clock, random: systemRandom, embeds });
  const { id } = await access.projects.create({ name: "Shop" });
  await embeds.keys.create(id);
  await expect(embeds.keys.create(id)).rejects.toMatchObject({
    code: "InternalServerError",
    message: "The new key is taken. Try again.",
  });
});
