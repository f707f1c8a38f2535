import { generateKeyPairSync } from "node:crypto";
import { CompactEncrypt, CompactSign, importJWK, SignJWT, type JWTPayload } from "jose";
import { beforeEach, expect, test } from "vitest";
import { EMBED_MOST_CHARS, EMBED_MOST_SECONDS, EVERYTHING, parseEmbedSecret, type JsonObject } from "@millrace/core";
import { createAccess } from "../authenticate.ts";
import { systemRandom } from "../system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE, NOON } from "../testing.ts";
import { createEmbeds } from "./embeds.ts";

/** Two projects with an embed secret each, and what the claims of the last token were that was let through. */
async function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const read: JsonObject[] = [];
  const embeds = createEmbeds({
    registry,
    clock,
    random: systemRandom,
    readClaims: (claims) => {
      read.push(claims);
      const rules = {
        customer: "c",
        panels: [],
        collections: [],
        properties: new Set<string>(),
        origins: [],
        annotations: false,
        recipients: [],
      };
      return { operations: ["view"], filter: EVERYTHING, rules };
    },
  });
  const access = createAccess({ registry, clock, random: systemRandom, embeds });
  const projectWithSecret = async (name: string) => {
    const { id } = await access.projects.create({ name });
    const { key, secret } = await embeds.keys.create(id);
    const parts = parseEmbedSecret(secret);
    if (!parts) throw new Error("The secret cannot be read.");
    return { id, key, secret, parts };
  };
  const [shop, rival] = [await projectWithSecret("Shop"), await projectWithSecret("Rival")];
  const open = (token: string, project = shop.id) => access.authenticate(project, token, ["read", "view"]);
  return { clock, state, registry, embeds, access, shop, rival, read, open };
}

type Setting = Awaited<ReturnType<typeof setUp>>;
type Owner = Setting["shop"];
let setting: Setting;
beforeEach(async () => {
  setting = await setUp();
});

const SECOND = Math.floor(NOON / 1000);
const payload = (of: Owner, more: JWTPayload = {}): JWTPayload => ({
  iss: of.id,
  iat: SECOND,
  exp: SECOND + 600,
  jti: "token-0001",
  customer: "c",
  ...more,
});
const kidOf = (of: Owner) => `${of.id}.${of.parts.keyId}`;

async function signed(of: Owner, claims: JWTPayload, header: object = {}): Promise<string> {
  const { d, x, y } = of.parts;
  const key = await importJWK({ kty: "EC", crv: "P-256", d, x, y }, "ES256");
  return new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: kidOf(of), ...header }).sign(key);
}

function sealed(of: Owner, content: string, header: object = {}): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(content))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: kidOf(of), ...header })
    .encrypt(Buffer.from(of.parts.seal, "base64url"));
}

const tokenOf = async (of: Owner, claims: JWTPayload = payload(of)) => sealed(of, await signed(of, claims));

test("a token of the project's secret is let in, and its own claims are what is read", async () => {
  const { open, shop, read } = setting;
  const grant = await open(await tokenOf(shop));
  expect([...grant.may]).toEqual(["view"]);
  expect(read).toEqual([{ customer: "c" }]);
});

test("what is needed but no token may do is refused, on every permission there is", async () => {
  const { access, shop } = setting;
  const token = await tokenOf(shop);
  for (const need of [
    "write",
    "read",
    "schema",
    "saved_queries",
    "cached_queries",
    "datasets",
    "master",
    "export",
  ] as const) {
    await expect(access.authenticate(shop.id, token, need), need).rejects.toMatchObject({ code: "InvalidApiKeyError" });
  }
  await expect(access.authenticateWriteKey(token)).rejects.toMatchObject({ code: "InvalidApiKeyError" });
  expect((await access.authenticateReader(token, "view")).project.id).toBe(shop.id);
});

test("the secret is kept nowhere: what the registry has reads tokens and signs none", async () => {
  const { registry, shop } = setting;
  const kept = JSON.stringify(await registry.list(`embed-keys:${shop.id}`));
  expect(kept).toContain(shop.parts.x);
  expect(kept).not.toContain(shop.parts.d);
});

const text = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each<[name: string, forge: (s: Setting) => Promise<string>]>([
  [
    "alg none inside",
    async ({ shop }) => sealed(shop, `${text({ alg: "none", kid: kidOf(shop) })}.${text(payload(shop))}.`),
  ],
  [
    "HS256 with the public key as the secret",
    async ({ shop }) => {
      const key = Buffer.from(shop.parts.x + shop.parts.y);
      return sealed(
        shop,
        await new SignJWT(payload(shop)).setProtectedHeader({ alg: "HS256", kid: kidOf(shop) }).sign(key),
      );
    },
  ],
  [
    "HS256 with the key that seals",
    async ({ shop }) => {
      const key = Buffer.from(shop.parts.seal, "base64url");
      return sealed(
        shop,
        await new SignJWT(payload(shop)).setProtectedHeader({ alg: "HS256", kid: kidOf(shop) }).sign(key),
      );
    },
  ],
  [
    "RS256 with a key of the attacker's in the header",
    async ({ shop }) => {
      const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const header = { alg: "RS256", kid: kidOf(shop), jwk: publicKey.export({ format: "jwk" }) as never };
      return sealed(shop, await new SignJWT(payload(shop)).setProtectedHeader(header).sign(privateKey));
    },
  ],
  [
    "ES256 with a key of the attacker's, sealed as whoever reads our registry could",
    async ({ shop }) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return sealed(
        shop,
        await new SignJWT(payload(shop)).setProtectedHeader({ alg: "ES256", kid: kidOf(shop) }).sign(privateKey),
      );
    },
  ],
  ["the kid of another project inside", async ({ shop, rival }) => sealed(shop, await signed(rival, payload(shop)))],
  [
    "the kid of this project around a token of another",
    async ({ shop, rival }) => sealed(rival, await signed(rival, payload(rival)), { kid: kidOf(shop) }),
  ],
  [
    "signed by this project, kid of another",
    async ({ shop, rival }) => sealed(shop, await signed(shop, payload(shop), { kid: kidOf(rival) })),
  ],
  [
    "another content encryption",
    async ({ shop }) =>
      new CompactEncrypt(new TextEncoder().encode(await signed(shop, payload(shop))))
        .setProtectedHeader({ alg: "dir", enc: "A128CBC-HS256", kid: kidOf(shop) })
        .encrypt(Buffer.from(shop.parts.seal, "base64url")),
  ],
  [
    "a critical header nobody knows",
    async ({ shop }) => {
      const token = await tokenOf(shop);
      const [, ...rest] = token.split(".");
      return [text({ alg: "dir", enc: "A256GCM", kid: kidOf(shop), crit: ["x"], x: 1 }), ...rest].join(".");
    },
  ],
  [
    "a changed byte",
    async ({ shop }) => {
      const [header = "", empty, iv, body = "", tag] = (await tokenOf(shop)).split(".");
      return [header, empty, iv, (body.startsWith("A") ? "B" : "A") + body.slice(1), tag].join(".");
    },
  ],
  ["no JWT inside", async ({ shop }) => sealed(shop, "hello")],
  [
    "claims that are no object",
    async ({ shop }) => {
      const { d, x, y } = shop.parts;
      const key = await importJWK({ kty: "EC", crv: "P-256", d, x, y }, "ES256");
      const list = new CompactSign(new TextEncoder().encode("[1]")).setProtectedHeader({
        alg: "ES256",
        kid: kidOf(shop),
      });
      return sealed(shop, await list.sign(key));
    },
  ],
  ["expired", async ({ shop }) => tokenOf(shop, payload(shop, { iat: SECOND - 900, exp: SECOND - 300 }))],
  ["not valid yet", async ({ shop }) => tokenOf(shop, payload(shop, { nbf: SECOND + 300 }))],
  ["issued in the future", async ({ shop }) => tokenOf(shop, payload(shop, { iat: SECOND + 300 }))],
  ["without an end", async ({ shop }) => tokenOf(shop, { iss: shop.id, iat: SECOND, jti: "token-0001" })],
  ["for ever", async ({ shop }) => tokenOf(shop, payload(shop, { exp: SECOND + 365 * 24 * 3600 }))],
  ["without an id", async ({ shop }) => tokenOf(shop, { iss: shop.id, iat: SECOND, exp: SECOND + 60 })],
  ["of another issuer", async ({ shop, rival }) => tokenOf(shop, payload(shop, { iss: rival.id }))],
])("a token is refused: %s", async (_name, forge) => {
  await expect(setting.open(await forge(setting))).rejects.toMatchObject({ code: "InvalidApiKeyError" });
  expect(setting.read).toEqual([]);
});

test("a token of another project is refused there, whatever it is asked for", async () => {
  const { open, shop, rival } = setting;
  await expect(open(await tokenOf(rival), shop.id)).rejects.toThrow("another project");
});

test("a huge token is no token, and is looked up nowhere", async () => {
  const { open, shop, state } = setting;
  const token = await tokenOf(shop, payload(shop, { filler: "x".repeat(EMBED_MOST_CHARS) }));
  await open(await tokenOf(shop));
  const reads = state.reads;
  await expect(open(token)).rejects.toMatchObject({ code: "InvalidApiKeyError" });
  expect(state.reads).toBe(reads);
});

test("integers that no double holds are refused or kept exactly, and names like __proto__ are only names", async () => {
  const { open, shop, read } = setting;
  const json = `{"iss":"${shop.id}","iat":${SECOND},"exp":${SECOND + 60},"jti":"token-0001","n":9007199254740993,"__proto__":{"may":"all"}}`;
  const { d, x, y } = shop.parts;
  const key = await importJWK({ kty: "EC", crv: "P-256", d, x, y }, "ES256");
  const jws = new CompactSign(new TextEncoder().encode(json)).setProtectedHeader({ alg: "ES256", kid: kidOf(shop) });
  await open(await sealed(shop, await jws.sign(key)));
  expect(read[0]?.["n"]).toBe(9007199254740993n);
  expect(Object.hasOwn(read[0] ?? {}, "__proto__")).toBe(true);
  expect(({} as { may?: string }).may).toBeUndefined();
});

test("after its id is revoked a token is over, elsewhere within a minute; so are all of a revoked secret", async () => {
  const { open, shop, embeds, registry, clock } = setting;
  const elsewhere = createAccess({
    registry,
    clock,
    random: systemRandom,
    embeds: createEmbeds({
      registry,
      clock,
      random: systemRandom,
      readClaims: () => ({
        operations: ["view"],
        filter: EVERYTHING,
        rules: {
          customer: "c",
          panels: [],
          collections: [],
          properties: new Set(),
          origins: [],
          annotations: false,
          recipients: [],
        },
      }),
    }),
  });
  const there = (token: string) => elsewhere.authenticate(shop.id, token, "view");
  const [first, second] = [await tokenOf(shop), await tokenOf(shop, payload(shop, { jti: "token-0002" }))];
  for (const token of [first, second]) await Promise.all([open(token), there(token)]);
  await embeds.keys.revokeToken(shop.id, "token-0001");
  await expect(open(first)).rejects.toThrow("revoked");
  await open(second);
  clock.advance(MINUTE);
  await expect(there(first)).rejects.toThrow("revoked");
  await there(second);
  await embeds.keys.revoke(shop.id, shop.key.id);
  await expect(open(second)).rejects.toThrow("revoked");
  clock.advance(MINUTE);
  await expect(there(second)).rejects.toThrow("revoked");
});

test("a project changes over from one secret to another without a gap, and has two at most", async () => {
  const { open, shop, embeds } = setting;
  const { key, secret } = await embeds.keys.create(shop.id);
  const parts = parseEmbedSecret(secret);
  if (!parts) throw new Error("The secret cannot be read.");
  await expect(embeds.keys.create(shop.id)).rejects.toMatchObject({ code: "InvalidParameterError" });
  const newer = { ...shop, key, secret, parts };
  await open(await tokenOf(shop));
  await open(await tokenOf(newer));
  await embeds.keys.revoke(shop.id, shop.key.id);
  await expect(open(await tokenOf(shop))).rejects.toThrow("revoked");
  await open(await tokenOf(newer));
});

test("without the registry nothing is shown to a token that was not seen a minute ago", async () => {
  const { open, shop, state, clock } = setting;
  const token = await tokenOf(shop, payload(shop, { exp: SECOND + 7200 }));
  await open(token);
  state.down = true;
  await open(token);
  clock.advance(HOUR);
  await expect(open(token)).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test.each<[name: string, said: string, forge: (s: Setting) => Promise<string>]>([
  ["no token", "it is none", async () => "a.b.c"],
  ["a token with more around it", "it is none", async ({ shop }) => `x ${await tokenOf(shop)}`],
  ["a kid of another form", "it is none", async ({ shop }) => sealed(shop, "x", { kid: `${kidOf(shop)}0` })],
  ["a kid with more before it", "it is none", async ({ shop }) => sealed(shop, "x", { kid: `0${kidOf(shop)}` })],
  ["no kid", "it is none", async ({ shop }) => sealed(shop, "x", { kid: undefined })],
  ["a header that is no object", "it is none", async () => `${text([1])}..a.b.c`],
  ["a header that is no JSON", "it is none", async () => "x..a.b.c"],
  [
    "an unknown secret",
    "its secret is unknown, or was revoked",
    async ({ shop }) => sealed(shop, "x", { kid: `${shop.id}.00000000` }),
  ],
  [
    "an end that is over",
    `it ended at ${new Date((SECOND - 300) * 1000).toISOString()}`,
    async ({ shop }) => tokenOf(shop, payload(shop, { iat: SECOND - 900, exp: SECOND - 300 })),
  ],
  [
    "another issuer",
    "its claim iss does not fit",
    async ({ shop, rival }) => tokenOf(shop, payload(shop, { iss: rival.id })),
  ],
  [
    "another algorithm",
    "it is not sealed with A256GCM and signed with ES256",
    async ({ shop }) =>
      sealed(
        shop,
        await new SignJWT(payload(shop))
          .setProtectedHeader({ alg: "HS256", kid: kidOf(shop) })
          .sign(Buffer.from(shop.parts.seal, "base64url")),
      ),
  ],
  ["no JWT inside", "it was not made with this project's secret", async ({ shop }) => sealed(shop, "hello")],
  [
    "another's kid inside",
    "it is signed with another key than it is sealed with",
    async ({ shop, rival }) => sealed(shop, await signed(shop, payload(shop), { kid: kidOf(rival) })),
  ],
  [
    "an issue ahead",
    "its time of issue (iat) lies ahead",
    async ({ shop }) => tokenOf(shop, payload(shop, { iat: SECOND + 61 })),
  ],
  [
    "too long a life",
    `it lives for ${EMBED_MOST_SECONDS + 1} seconds; ${EMBED_MOST_SECONDS} are possible`,
    async ({ shop }) => tokenOf(shop, payload(shop, { exp: SECOND + EMBED_MOST_SECONDS + 1 })),
  ],
  ...["short", "x".repeat(65), "token 0001", "token-0001!", "!token-0001"].map(
    (jti) =>
      [
        `the id ${jti}`,
        "its id (jti) is not 8 to 64 letters and digits",
        async ({ shop }: Setting) => tokenOf(shop, payload(shop, { jti })),
      ] as const satisfies [string, string, (s: Setting) => Promise<string>],
  ),
])("who sends %s is told: %s", async (_name, said, forge) => {
  await expect(setting.embeds.read(await forge(setting))).rejects.toMatchObject({
    code: "InvalidApiKeyError",
    message: `The embed token is refused: ${said}.`,
  });
});

test("the longest life, a clock that is a minute ahead and ids of both lengths are let in, until the token's end", async () => {
  const { open, shop } = setting;
  const grant = await open(await tokenOf(shop, payload(shop, { exp: SECOND + EMBED_MOST_SECONDS, jti: "12345678" })));
  expect(grant.embed).toMatchObject({
    endsAt: (SECOND + EMBED_MOST_SECONDS) * 1000,
    token: { id: "12345678", keyId: shop.key.id, claims: { customer: "c" } },
  });
  await open(await tokenOf(shop, payload(shop, { iat: SECOND + 60, jti: "x".repeat(64) })));
});
