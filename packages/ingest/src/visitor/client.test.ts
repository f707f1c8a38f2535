import { systemRandom, trustProxies } from "@millrace/access";
import { NOON } from "@millrace/access/testing";
import { describe, expect, test } from "vitest";
import { BROWSER, ingestUnderTest } from "../http/testing.ts";
import type { IngestDeps } from "../deps.ts";

const PROXY = "192.0.2.9";
const VISITOR = "198.51.100.1";
const EDGE = "130.176.1.1";

interface Setting {
  /** Who the first of our machines saw. */
  readonly peer?: string;
  readonly trusted?: readonly string[];
  readonly secret?: boolean;
  readonly cloudfront?: boolean;
}

/** An installation, and what it takes for the address of who sends these headers, by both recording routes. */
async function addressSeen(
  { peer = PROXY, trusted = [], secret = false, cloudfront = false }: Setting,
  headersOf: (secret: string) => Record<string, string>,
) {
  const options: Partial<IngestDeps> = cloudfront
    ? { trustProxy: "cloudfront", peerAddress: () => EDGE }
    : { peerAddress: () => peer };
  const { access, project, post, track, keys, events } = await ingestUnderTest(options);
  const made = await trustProxies(access.projects, systemRandom, { project: project.id, addresses: trusted, secret });
  const headers = {
    "user-agent": BROWSER,
    referer: "https://shop.example/",
    ...headersOf(made.secret ?? ""),
    ...(cloudfront && { "cloudfront-viewer-address": `${peer}:443`, "cloudfront-viewer-country": "DE" }),
  };
  await post("/c", {}, headers);
  const load = `${NOON.toString(16)
    .padStart(12, "0")
    .replace(/^(.{8})/, "$1-")}-7abc-8def-0123456789ab`;
  const page = { q: 1, n: "pageviews", t: 0, g: 1, u: "https://shop.example/" };
  await track({ v: 1, k: keys.write, i: load, s: NOON, a: 0, c: {}, e: [page] }, headers);
  return events().map(({ raw }) => ({ ip: raw?.ip, country: raw?.country }));
}

const twice = (ip: string, country?: string) => [
  { ip, country },
  { ip, country },
];

describe("a proxy that the project trusts", () => {
  test("by address: the hop it wrote is the visitor; what the visitor sent before it is not looked at", async () => {
    for (const sent of [VISITOR, `10.1.1.1, ${VISITOR}`, `10.1.1.1, ${PROXY}, ${VISITOR}`]) {
      const seen = await addressSeen({ trusted: ["192.0.2.0/24"] }, () => ({ "x-forwarded-for": sent }));
      expect(seen).toEqual(twice("198.51.100.0"));
    }
  });

  test("behind CloudFront, which appends the proxy, and the gateway, which appends CloudFront; the country is not the proxy's", async () => {
    for (const sent of [VISITOR, `10.1.1.1, ${PROXY}, ${VISITOR}`]) {
      const headers = () => ({ "x-forwarded-for": `${sent}, ${PROXY}, ${EDGE}` });
      const seen = await addressSeen({ cloudfront: true, trusted: [PROXY] }, headers);
      expect(seen).toEqual(twice("198.51.100.0"));
    }
  });

  test.each([false, true])("by its secret, from any address (behind CloudFront: %s)", async (cloudfront) => {
    const hops = cloudfront ? `${VISITOR}, 203.0.113.5, ${EDGE}` : VISITOR;
    const seen = await addressSeen({ cloudfront, peer: "203.0.113.5", secret: true }, (secret) => ({
      "x-millrace-proxy": secret,
      "x-forwarded-for": hops,
    }));
    expect(seen).toEqual(twice("198.51.100.0"));
  });

  test.each([{}, { "x-forwarded-for": "unknown" }])(
    "that says %j of the visitor is the visitor itself",
    async (headers) => {
      expect(await addressSeen({ trusted: [PROXY] }, () => headers)).toEqual(twice("192.0.2.0"));
    },
  );
});

describe("anybody else", () => {
  test.each([
    ["no proxy is trusted", {}, {}],
    ["another is trusted", { trusted: ["192.0.2.8", "2001:db8::/32"] }, {}],
    ["a made-up secret", { secret: true }, { "x-millrace-proxy": "A".repeat(64) }],
    ["a secret where none is", { trusted: ["192.0.2.8"] }, { "x-millrace-proxy": "" }],
    ["a claim to be the proxy", { trusted: ["192.0.2.8"] }, { "x-forwarded-for": `${VISITOR}, 192.0.2.8` }],
  ])("changes nothing by a header: %s", async (_, setting, more) => {
    const headers = { "x-forwarded-for": VISITOR, ...more };
    expect(await addressSeen(setting, () => headers)).toEqual(twice("192.0.2.0"));
    const hops = `${headers["x-forwarded-for"]}, ${PROXY}, ${EDGE}`;
    const seen = await addressSeen({ cloudfront: true, ...setting }, () => ({ ...headers, "x-forwarded-for": hops }));
    expect(seen).toEqual(twice("192.0.2.0", "DE"));
  });

  test("a project's proxy says nothing of another project's visitors", async () => {
    const { access, post, events } = await ingestUnderTest({ peerAddress: () => PROXY });
    const other = await access.projects.create({ name: "Other" });
    await trustProxies(access.projects, systemRandom, { project: other.id, addresses: [PROXY] });
    await post("/c", {}, { "user-agent": BROWSER, referer: "https://shop.example/", "x-forwarded-for": VISITOR });
    expect(events()[0]?.raw?.ip).toBe("192.0.2.0");
  });
});
