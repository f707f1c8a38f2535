import { createRests, createTimeShares, lineHere } from "@millrace/core";
import { expect, test } from "vitest";
import { ingestUnderTest, outcome } from "./testing.ts";

/** Ingest in a process that projects share, of which one is busy, over an account whose clock is moved by hand. */
async function sharedProcess(waitMs?: number) {
  let now = 0;
  const rests = createRests(
    createTimeShares(() => now),
    { ...(waitMs !== undefined && { waitMs }) },
  );
  const charged: string[] = [];
  const amounts: number[] = [];
  const ingest = await ingestUnderTest({
    rests: {
      ...rests,
      charge: (project, ms) => {
        charged.push(project);
        amounts.push(ms);
        rests.charge(project, ms);
      },
    },
  });
  const { access, app, clock } = ingest;
  const other = await access.projects.create({ name: "Other" });
  const key = await access.keys.create(other.id, "write");
  const postOther = () =>
    app.request(`/3.0/projects/${other.id}/events/c`, { method: "POST", headers: { authorization: key }, body: "{}" });
  const page = { q: 1, n: "pageviews", t: 0, g: 1, u: "https://shop.example/" };
  const batch = () => ({
    v: 1,
    k: ingest.keys.write,
    i: "0198f0a0-0000-7abc-8def-0123456789ab",
    s: clock.now(),
    a: 0,
    e: [page],
  });
  return { ...ingest, rests, charged, amounts, postOther, batch, other, pass: (ms: number) => void (now += ms) };
}

test("a project that used more than its part of the thread waits until that is made up; others do not wait for it", async () => {
  const { post, postOther, rests, project, other, queue, pass } = await sharedProcess();
  await postOther();
  await post("/c", {});
  rests.charge(project.id, 1_002);
  const waiting = post("/c", {});
  expect((await postOther()).status).toBe(201);
  expect(queue.messages.map(({ group }) => group)).toEqual([other.id, project.id, other.id]);
  pass(1_000);
  expect((await waiting).status).toBe(201);
  expect(queue.messages).toHaveLength(4);
});

test("whose turn does not come in time is told when to come again, on every way to record, and that is counted as refused", async () => {
  const { post, postOther, track, batch, rests, project, queue, refused } = await sharedProcess(1);
  await postOther();
  await post("/c", {});
  rests.charge(project.id, 60_000);
  for (const ask of [() => post("/c", {}), () => post("", { c: [{}] }), () => track(batch())]) {
    const answer = await ask();
    expect(answer.headers.get("retry-after")).toBe("10");
    expect(await outcome(answer)).toEqual([429, "RateLimitExceeded"]);
  }
  expect(queue.messages).toHaveLength(2);
  expect(refused.map(({ project: of, reason }) => [of, reason])).toEqual(
    Array.from({ length: 3 }, () => [project.id, "RateLimitExceeded"]),
  );
});

test("reading, checking and packing are paid by whoever sent it, the reading also where the body says who that is", async () => {
  const { post, track, batch, charged, project } = await sharedProcess();
  const paid = async (ask: () => Promise<Response> | Response) => {
    charged.length = 0;
    expect((await ask()).ok).toBe(true);
    expect(new Set(charged)).toEqual(new Set([project.id]));
    return charged.length;
  };
  // With what was spent before it was known who pays.
  expect(await paid(() => post("/c", {}))).toBe(3);
  expect(await paid(() => post("", { c: [{ n: 1 }], d: [{ n: 2 }] }))).toBe(5);
  expect(await paid(() => track(batch()))).toBe(3);
});

test("what is paid is milliseconds of this thread: none is given back, and together they are no more than went by", async () => {
  const began = performance.now();
  const { post, track, batch, amounts } = await sharedProcess();
  await post("/c", {});
  await track(batch());
  expect(amounts.length).toBeGreaterThan(4);
  expect(Math.min(...amounts)).toBeGreaterThanOrEqual(0);
  expect(amounts.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(performance.now() - began);
});

test("who sent little is read and packed before what others sent much of, from when it is known who that is", async () => {
  const { post, track, batch, rests, project, postOther, queue, pass } = await sharedProcess();
  const lines: string[] = [];
  const send = queue.send.bind(queue);
  queue.send = (message) => {
    lines.push(lineHere());
    return send(message);
  };
  await postOther();
  for (const ask of [() => post("/c", {}), () => track(batch())]) {
    expect((await ask()).ok).toBe(true);
    rests.charge(project.id, 900);
    expect((await ask()).ok).toBe(true);
    pass(10_000);
    await postOther();
  }
  expect(lines).toEqual(["ahead", "ahead", "behind", "ahead", "ahead", "behind", "ahead"]);
});
