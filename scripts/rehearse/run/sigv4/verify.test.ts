import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signatureOf, type Signable } from "./signature.ts";
import { verify } from "./verify.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SUITE = { accessKeyId: "AKIDEXAMPLE", date: "20150830", region: "us-east-1", service: "service" };

function request(method: string, target: string, headers: Record<string, string> = {}, body = ""): Signable {
  const at = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" };
  return { method, target, headers: { ...at, ...headers }, body: Buffer.from(body) };
}

// AWS's published test suite for Signature Version 4 (aws-sig-v4-test-suite, Apache-2.0).
test.each([
  ["get-vanilla", "GET", "/", {}, "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
  ["post-vanilla", "POST", "/", {}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "get-vanilla-query-order-key-case",
    "GET",
    "/?Param2=value2&Param1=value1",
    {},
    "",
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "get-vanilla-empty-query-key",
    "GET",
    "/?Param1=value1",
    {},
    "",
    "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  ],
  ["get-utf8", "GET", "/\u1234", {}, "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"],
  [
    "get-unreserved",
    "GET",
    "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    {},
    "",
    "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  ],
  [
    "get-header-value-trim",
    "GET",
    "/",
    { "my-header1": " value1", "my-header2": ' "a   b   c"' },
    "",
    "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  ],
  [
    "post-x-www-form-urlencoded",
    "POST",
    "/",
    { "content-type": "application/x-www-form-urlencoded" },
    "Param1=value1",
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
  // The parts are removed before signing, whatever goes over the wire.
  ["get-slash-dot-slash", "GET", "/./", {}, "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
  [
    "get-relative-relative",
    "GET",
    "/example1/example2/../..",
    {},
    "",
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  ],
] as const)("test suite %s", (_name, method, target, headers, body, signature) => {
  const given = request(method, target, headers, body);
  expect(signatureOf(given, Object.keys(given.headers).sort(), SUITE, SECRET)).toBe(signature);
});

// The examples of "Signature calculations for the Authorization header" in the S3 API Reference.
describe("S3", () => {
  const EMPTY = createHash("sha256").digest("hex");
  const scope = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", date: "20130524", region: "us-east-1", service: "s3" };
  test.each([
    ["GET", "/test.txt", { range: "bytes=0-9" }, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"],
    ["GET", "/?lifecycle", {}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
    ["GET", "/?max-keys=2&prefix=J", {}, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"],
    [
      "PUT",
      "/test%24file.text",
      {
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      },
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
  ] as const)("%s %s", (method, target, headers, signature) => {
    const given: Signable = {
      method,
      target,
      headers: {
        host: "examplebucket.s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "x-amz-content-sha256": EMPTY,
        ...headers,
      },
      body: Buffer.alloc(0),
    };
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    expect(signatureOf(given, Object.keys(given.headers).sort(), scope, secret)).toBe(signature);
  });
});

describe("a request is believed", () => {
  const NOW = Date.UTC(2015, 7, 30, 12, 36);
  const keys = { accessKeyId: SUITE.accessKeyId, secretAccessKey: SECRET, sessionToken: "token" };
  const known = (id: string) => (id === keys.accessKeyId ? keys : undefined);

  function signed(change: Partial<Signable> = {}, leaveOut = "", secret = SECRET): Signable {
    const given = { ...request("POST", "/a?b=c", { "x-amz-security-token": "token" }, "body"), ...change };
    const names = Object.keys(given.headers).filter((name) => name !== leaveOut).sort(); // prettier-ignore
    const { accessKeyId, date, region, service } = SUITE;
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${date}/${region}/${service}/aws4_request, ` +
      `SignedHeaders=${names.join(";")}, Signature=${signatureOf(given, names, SUITE, secret)}`;
    return { ...given, headers: { ...given.headers, authorization } };
  }

  test("when all of it is as its session signed it", () => {
    expect(verify(signed(), known, NOW)).toEqual({ keys, scope: SUITE });
  });

  test.each([
    ["another body", { ...signed(), body: Buffer.from("tampered") }, "does not match"],
    ["another path", { ...signed(), target: "/b?b=c" }, "does not match"],
    ["another query", { ...signed(), target: "/a?b=d" }, "does not match"],
    ["another secret", signed({}, "", "guess"), "does not match"],
    ["no signature", request("GET", "/"), "not signed"],
    ["another token", signed({ headers: { ...request("", "").headers, "x-amz-security-token": "x" } }), "token"],
    ["a header beside the signature", signed({}, "x-amz-security-token"), "x-amz-security-token is not signed"],
    ["any host", signed({}, "host"), "host is not signed"],
  ])("but not with %s", (_what, given, message) => {
    expect(() => verify(given, known, NOW)).toThrow(message);
  });

  test("but not of unknown keys, and not when it is old", () => {
    expect(() => verify(signed(), () => undefined, NOW)).toThrow("nobody's access key");
    expect(() => verify(signed(), known, NOW + 301_000)).toThrow("signed at");
  });

  test("but not with a body other than its header says", () => {
    const headers = { "x-amz-security-token": "token", "x-amz-content-sha256": "0".repeat(64) };
    expect(() => verify(signed(request("PUT", "/", headers, "x")), known, NOW)).toThrow("the body is not");
  });
});
