import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createArchive } from "../src/archive/archive.ts";
import { batchesOf, parseReplay, roundsOf } from "../src/archive/plan-replay.ts";
import type { ReplayAnswer } from "../src/archive/replay.ts";
import { openBucketAt } from "../src/s3/bucket.ts";
import { CREDENTIALS, startS3Server, type S3Server } from "./s3-server.ts";
import { openSqsServer } from "./sqs-server.ts";
import { startFunction } from "./start-function.ts";

const HOUR = Date.UTC(2026, 10, 23, 21);

describe("the plan", () => {
  test("an hour is a folder; a call without `send` is a dry run", () => {
    expect(parseReplay({ hour: "2026-11-23T21" })).toEqual({ prefix: "raw/2026/11/23/21/", after: "", send: false });
  });

  test.each([
    [{}, "hour"],
    [{ hour: "2026-11-23" }, "must be an hour"],
    [{ hour: "2026-11-23T21", sned: true }, "sned"],
    [{ hour: "2026-11-23T21", after: "raw/2026/11/23/22/x" }, "no key of the hour"],
  ])("%j is refused by name", (event, says) => {
    expect(() => parseReplay(event)).toThrow(says);
  });

  test("batches hold ten messages or a mebibyte, whichever is first, in order and complete", () => {
    const small = Array.from({ length: 25 }, (_, index) => `${index}`);
    expect(batchesOf(small).map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(batchesOf(small).flat()).toEqual(small);
    const large = Array.from({ length: 3 }, () => "ä".repeat(300_000));
    expect(batchesOf(large).map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(batchesOf(["x".repeat(1_048_576), "y"]).map(({ length }) => length)).toEqual([1, 1]);
  });

  test("rounds are bounded by number and by bytes", () => {
    const objects = (count: number, size: number) => Array.from({ length: count }, (_, i) => ({ key: `${i}`, size }));
    expect(roundsOf(objects(70, 1)).map(({ length }) => length)).toEqual([32, 32, 6]);
    expect(roundsOf(objects(3, 9 * 1024 * 1024)).map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(roundsOf([])).toEqual([]);
  });
});

describe("replay, as bundled for Lambda", () => {
  const sqs = openSqsServer();
  let s3: S3Server;
  afterAll(() => sqs.close());
  beforeEach(async () => {
    s3 = await startS3Server();
    onTestFinished(() => s3.close());
  });

  /** Archives so many objects of three messages in an hour, as the collector does. */
  async function archived(objects: number, at: number): Promise<string[]> {
    const bucket = openBucketAt({ url: `${s3.url}/kept`, region: "us-east-1", credentials: CREDENTIALS });
    const bodies: string[] = [];
    for (let object = 0; object < objects; object++) {
      const keep = createArchive({ bucket, clock: { now: () => at + object }, newId: randomUUID });
      const some = ["a", "b", "c"].map((name) => `{"v":99,"of":"${name}${object} Ägir"}`);
      await keep(some.map((body, index) => ({ id: `${index}`, body })));
      bodies.push(...some);
    }
    return bodies.sort();
  }

  async function start(url: string) {
    const lambda = await startFunction("replay", {
      ARCHIVE_BUCKET: "kept",
      S3_ENDPOINT: s3.url,
      SQS_ENDPOINT: sqs.endpoint,
      SQS_QUEUE_URL: url,
    });
    onTestFinished(() => lambda.stop());
    return lambda;
  }

  test("a dry run says what there is and sends nothing; then every message of the hour is sent, and no other", async () => {
    const { url } = await sqs.createQueues({ maxReceiveCount: 100 });
    const bodies = await archived(5, HOUR);
    await archived(1, HOUR + 3_600_000);
    const replay = await start(url);
    expect(await replay.invoke({ hour: "2026-11-23T21" })).toMatchObject({ objects: 5, messages: 0, done: true });
    const answer = await replay.invoke<ReplayAnswer>({ hour: "2026-11-23T21", send: true });
    expect(answer).toMatchObject({ objects: 5, messages: 15, done: true });
    expect((await sqs.bodies(url, 15)).sort()).toEqual(bodies);
    expect(replay.log()).toContain('"replay":{"objects":5');
  });

  test("it goes on after the key where it ended, and an hour without objects is done", async () => {
    const { url } = await sqs.createQueues({ maxReceiveCount: 100 });
    await archived(4, HOUR);
    const keys = [...s3.objects.keys()].map((key) => key.replace("kept/", "")).sort();
    const replay = await start(url);
    const rest = { hour: "2026-11-23T21", send: true, after: keys[1] };
    expect(await replay.invoke(rest)).toMatchObject({ objects: 2, messages: 6, after: keys[3], done: true });
    expect(await replay.invoke({ hour: "2026-11-23T22", send: true })).toMatchObject({ objects: 0, done: true });
  });

  test("an archive that cannot be read is an error, and so is a queue that is not there: nothing is taken for sent", async () => {
    await archived(1, HOUR);
    const replay = await start(`${sqs.endpoint}/000000000000/nowhere-${randomUUID()}`);
    await expect(replay.invoke({ hour: "2026-11-23T21", send: true })).rejects.toThrow();
    s3.failNext(3, 503);
    await expect(replay.invoke({ hour: "2026-11-23T21" })).rejects.toThrow("ServiceUnavailable");
  });
});
