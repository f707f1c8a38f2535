import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS, startS3Server, type S3Server } from "../../test/s3-server.ts";
import { openBucketAt } from "./bucket.ts";

const REGION = "eu-central-1";
let server: S3Server;
beforeEach(async () => {
  server = await startS3Server();
});
afterEach(() => server.close());

const open = (credentials = CREDENTIALS) =>
  openBucketAt({ url: `${server.url}/kept`, region: REGION, credentials, firstWaitMs: 1 });
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

test("an object arrives whole, signed as S3 wants it", async () => {
  await open().put("raw/2026/one.gz", bytes("Ägir"));
  expect([...server.objects].map(([key, body]) => [key, body.toString()])).toEqual([["kept/raw/2026/one.gz", "Ägir"]]);
});

test.each([
  ["a server that has too much to do", 503],
  ["a server that asks to slow down", 429],
  ["a connection that breaks", 0],
])("is tried again: %s", async (_name, status) => {
  server.failNext(2, status);
  await open().put("one", bytes("x"));
  expect([...server.objects.keys()]).toEqual(["kept/one"]);
});

test("after three tries it is an error, never a silent success", async () => {
  server.failNext(3, 503);
  await expect(open().put("one", bytes("x"))).rejects.toMatchObject({
    code: "ServiceUnavailable",
    context: { key: "one", reason: "503 SlowDown" },
  });
  expect(server.objects.size).toBe(0);
});

test("what S3 refuses for good is not tried again, and the error names S3's reason", async () => {
  const wrong = open({ ...CREDENTIALS, secretAccessKey: "wrong" });
  await expect(wrong.put("one", bytes("x"))).rejects.toMatchObject({
    context: { reason: "403 SignatureDoesNotMatch" },
  });
  expect(server.objects.size).toBe(0);
});
