import { expect, test } from "vitest";
import { ingestUnderTest, outcome } from "./testing.ts";

test("a project that has used up its month is refused in Keen's shape by every way of recording, and what was acknowledged is queued", async () => {
  const { access, project, clock, post, track, keys, app, path, queue, refused } = await ingestUnderTest();
  await access.projects.update(project.id, { eventsPerMonth: 5 });
  const body = { c: Array.from({ length: 3 }, (_, n) => ({ n })) };
  expect((await post("", body)).status).toBe(200);
  // As far as it was counted there was room: a request is taken whole.
  clock.advance(10_000);
  expect((await post("", body)).status).toBe(200);
  clock.advance(10_000);
  const answer = await post("/c", {});
  expect(answer.headers.get("retry-after")).toBe("3600");
  expect(await outcome(answer)).toEqual([429, "RateLimitExceeded"]);
  const image = await app.request(path(`/c?api_key=${keys.write}&data=${btoa("{}")}`));
  expect(image.status).toBe(429);
  const page = { q: 1, n: "pageviews", t: 0, g: 1, u: "https://shop.example/" };
  const batch = { v: 1, k: keys.write, i: "0198f0a0-0000-7abc-8def-0123456789ab", s: clock.now(), a: 0, e: [page] };
  expect((await track(batch)).status).toBe(429);
  expect(queue.messages.reduce((events, { accepted }) => events + accepted.events, 0)).toBe(6);
  expect(refused.map(({ project: of, reason }) => [of, reason])).toEqual(
    Array.from({ length: 3 }, () => [project.id, "RateLimitExceeded"]),
  );
});

test("one that chose to go on recording beyond its quota does", async () => {
  const { access, project, clock, post } = await ingestUnderTest();
  await access.projects.update(project.id, { eventsPerMonth: 1, beyondQuota: "record" });
  for (let n = 0; n < 3; n++) {
    expect((await post("/c", { n })).status).toBe(201);
    clock.advance(10_000);
  }
});
