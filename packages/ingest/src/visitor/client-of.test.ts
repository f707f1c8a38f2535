import type { Project } from "@millrace/access";
import { LIMITS } from "@millrace/core";
import { Context } from "hono";
import { expect, test } from "vitest";
import type { IngestDeps } from "../deps.ts";
import { clientOf, rawOf, senderOf } from "./client.ts";

const PROJECT = { id: "p" } as Project;
const CONNECTION = "192.0.2.9";

/** What is read of a request that comes over CONNECTION. */
function client(headers: Record<string, string>, deps: Pick<Partial<IngestDeps>, "trustProxy" | "peerAddress"> = {}) {
  const c = new Context(new Request("https://ingest.example/", { headers }));
  return clientOf(c, { peerAddress: () => CONNECTION, ...deps }, PROJECT);
}

test.each([
  [0, "198.51.100.1, 198.51.100.2, 198.51.100.3", CONNECTION],
  [1, "198.51.100.1, 198.51.100.2, 198.51.100.3", "198.51.100.3"],
  [2, "198.51.100.1, 198.51.100.2, 198.51.100.3", "198.51.100.2"],
  [3, "198.51.100.1, 198.51.100.2, 198.51.100.3", "198.51.100.1"],
  // Somebody came past the proxies, or one of them could not tell.
  [2, "198.51.100.1", CONNECTION],
  [1, "unknown", CONNECTION],
])("with %d proxies of ours the hops %s are of %s", (trustProxy, hops, address) => {
  expect(client({ "x-forwarded-for": hops }, { trustProxy }).fullAddress).toBe(address);
});

test("without hops, or without any address, there is the connection, or nobody", () => {
  expect(client({}, { trustProxy: 1 })).toEqual({ fullAddress: CONNECTION, cutAddress: "192.0.2.0", optedOut: false });
  const nobody = client({}, { peerAddress: () => undefined });
  expect(nobody).toEqual({ optedOut: false });
  expect([senderOf(nobody), rawOf(nobody)]).toEqual([undefined, {}]);
});

test("where CloudFront knows the visitor it is believed, with the place; elsewhere these headers are anybody's", () => {
  const headers = {
    "cloudfront-viewer-address": "[2001:db8:1:2::3]:443",
    "cloudfront-viewer-country": "PL",
    "cloudfront-viewer-country-region-name": "Mazovia",
    "cloudfront-viewer-city": "Warsaw",
  };
  const viewer = { country: "PL", region: "Mazovia", city: "Warsaw" };
  expect(client(headers, { trustProxy: "cloudfront" })).toMatchObject({ cutAddress: "2001:db8:1::", viewer });
  expect(client({}, { trustProxy: "cloudfront" })).toMatchObject({ fullAddress: CONNECTION, viewer: {} });
  expect(client(headers)).toEqual({ fullAddress: CONNECTION, cutAddress: "192.0.2.0", optedOut: false });
});

test("a long agent is cut, and is part of who sent it", () => {
  const agent = "x".repeat(LIMITS.userAgentChars);
  const cut = client({ "user-agent": `${agent}tail` });
  expect(cut.userAgent).toBe(agent);
  expect(senderOf(cut)).toEqual({ address: CONNECTION, userAgent: agent });
  expect(senderOf(client({}))).toEqual({ address: CONNECTION, userAgent: "" });
});

test.each([
  [{ "sec-gpc": "1" }, true],
  [{ "sec-gpc": "0" }, false],
  [{}, false],
])("%j: wants no id: %s", (headers, optedOut) => {
  const read = client(headers);
  expect([read.optedOut, senderOf(read) === undefined]).toEqual([optedOut, optedOut]);
});

test.each([
  [{ referer: "https://shop.example/a", origin: "https://shop.example" }, "https://shop.example/a"],
  [{ origin: "https://shop.example" }, "https://shop.example"],
  [{ origin: "null" }, undefined],
  [{}, undefined],
])("%j: was sent by the page %s", (headers, page) => {
  expect(client(headers).page).toBe(page);
});
