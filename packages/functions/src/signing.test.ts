import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openConnection } from "../../store-opensearch/src/client/connection.ts";
import { isAwsDomain } from "./signing.ts";
import { signer } from "./store.ts";

describe("an address whose requests are signed", () => {
  test.each([
    "https://search-events-prod-abc123.eu-west-1.es.amazonaws.com",
    "https://search-events-prod-abc123.cn-north-1.es.amazonaws.com.cn",
    "https://aos.events-prod-abc123.us-east-1.on.aws",
    "https://vpc-events-abc.eu-west-1.es.amazonaws.com:443/",
  ])("%s", (url) => {
    expect(isAwsDomain(url)).toBe(true);
  });

  test.each([
    "http://127.0.0.1:9200",
    "https://opensearch.example.com",
    // Looks like one and is somebody else's: the session token must not go there.
    "https://es.amazonaws.com.evil.example",
    "https://notes.amazonaws.com",
    "https://events.eu-west-1.es.amazonaws.com.cn.evil.example",
    "https://example.com/x.es.amazonaws.com",
    "https://user:x.es.amazonaws.com@example.com",
    "https://evilon.aws",
    // In the clear the signature could be read and used by others.
    "http://search-events.eu-west-1.es.amazonaws.com",
  ])("not %s", (url) => {
    expect(isAwsDomain(url)).toBe(false);
  });
});

describe("a signed request", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("carries the SigV4 authorization of the role over its method, path, query, headers and body", async () => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "session");
    const seen = Promise.withResolvers<{ url: string; method: string; headers: IncomingHttpHeaders; body: string }>();
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        seen.resolve({ url: request.url ?? "", method: request.method ?? "", headers: request.headers, body });
        response.writeHead(200, { "content-type": "application/json" }).end('{"errors":false,"items":[]}');
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = openConnection({
      ...signer(),
      node: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    await client.transport.request({
      method: "POST",
      path: "/_bulk",
      querystring: { require_alias: true, filter_path: "errors,items.*.status" },
      bulkBody: '{"create":{"_index":"é","_id":"1"}}\n{"a":"ü"}\n',
    });
    await client.close();
    server.close();

    const { url, method, headers, body } = await seen.promise;
    const header = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/;
    const [, credential = "", signed = "", signature] = header.exec(headers.authorization ?? "") ?? [];
    const at = String(headers["x-amz-date"]);
    const scope = `${at.slice(0, 8)}/eu-west-1/es/aws4_request`;
    expect(credential).toBe(`AKIDEXAMPLE/${scope}`);
    expect(signed.split(";")).toEqual(expect.arrayContaining(["host", "x-amz-date", "x-amz-security-token"]));
    expect(headers["x-amz-security-token"]).toBe("session");
    // Calculated once more, by the published steps and without the library.
    expect(signature).toBe(sign({ url, method, headers, body, signed, at, scope, secret: "secret" }));
  });
});

interface Signing {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly signed: string;
  readonly at: string;
  readonly scope: string;
  readonly secret: string;
}

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const hmac = (key: string | Buffer, content: string) => createHmac("sha256", key).update(content).digest();

/** The signature as AWS calculates it from what arrived (AWS General Reference, "Create a signed request"). */
function sign({ url, method, headers, body, signed, at, scope, secret }: Signing): string {
  const { pathname, searchParams } = new URL(url, "http://host");
  const encode = (part: string) =>
    encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const lines = signed.split(";").map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, " ")}\n`);
  const canonical = [method, pathname, query.join("&"), lines.join(""), signed, sha256(body)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((above, part) => hmac(above, part), `AWS4${secret}`);
  return hmac(key, ["AWS4-HMAC-SHA256", at, scope, sha256(canonical)].join("\n")).toString("hex");
}
