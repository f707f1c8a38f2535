import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { functionNamed } from "../deployed/deployment.ts";
import { drain } from "./drain.ts";
import type { Project } from "./caller.ts";
import type { Operator, Step } from "./step.ts";
import { ledger, sumOf } from "./ask-steps.ts";
import { trackerBatch } from "./tracker-batch.ts";
import { until } from "./until.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SLACK = "hooks.slack.com";

/** What keeps the stage alive: health, dead letters, deletion, alarms, retention. Time passes at the end, so they come last. */
export const KEEP: readonly Step[] = [
  {
    // After the loads: from here on the visit lies under another id, and whoever asks for it by the first one asks twice.
    name: "a visit goes on when its visitor logs in",
    async run({ caller, stage, shop }) {
      const view = (page: string) => [{ q: 0, n: "pageviews", t: 5, g: 1, u: `https://shop.example/${page}`, T: page }];
      const titles = { property_name: "$page.title", operator: "in", property_value: ["Pricing", "login", "account"] };
      const views = { event_collection: "pageviews", filters: [titles] };
      assert.equal((await caller.track(trackerBatch(shop.writeKey, view("login")))).status, 202);
      const known = { ...trackerBatch(shop.writeKey, view("account")), d: { id: "u1" } };
      assert.equal((await caller.track(known)).status, 202);
      await drain(stage);
      await until("page views", () => caller.ask("count", views), 3);
      assert.equal(await caller.ask("count_unique", { ...views, target_property: "$visit.id" }), 1);
      return "two more page views, one of somebody known, in the visit of the first one, written under another id";
    },
  },
  {
    name: "health, by its schedule",
    async run({ stage }) {
      await stage.schedule("Health");
      assert.equal(executions(stage.functions.log("health")).at(-1)?.["millrace.status"], "ok");
      return "queue, registry and store answered";
    },
  },
  {
    name: "by invoke: the store's health, a migration with nothing to do, a store that is new, what a deletion would take",
    async run({ stage, shop }) {
      const upkeep = <T>(action: string) => stage.functions.invoke<T>("upkeep", { action });
      const { status, problems } = await upkeep<{ status: string; problems: string[] }>("health");
      assert.notEqual(status, "red");
      assert.deepEqual(problems, []);
      const { done, migrated } = await upkeep<{ done: boolean; migrated: unknown[] }>("migrate");
      assert.deepEqual({ done, migrated }, { done: true, migrated: [] });
      assert.deepEqual((await upkeep<{ problems: string[] }>("remake")).problems, []);
      const which = { action: "count-events", project: shop.project.id, collection: "purchases" };
      assert.deepEqual(await stage.functions.invoke("upkeep", which), { events: 205 });
      await assert.rejects(upkeep("destroy"), /ZodError/);
      return `the store is ${status}; no partition has an older mapping; no month is missing`;
    },
  },
  {
    name: "keys: made, listed, revoked; a revoked one records nothing",
    async run({ stage, caller, shop }) {
      const project = shop.project.id;
      const admin = <T>(action: string, more: object = {}) => stage.functions.invoke<T>("admin", { action, ...more });
      const { projects } = await admin<{ projects: { id: string }[] }>("list-projects");
      assert.ok(projects.some(({ id }) => id === project));
      const ids = async () =>
        (await admin<{ keys: { id: string }[] }>("list-keys", { project })).keys.map(({ id }) => id);
      const before = await ids();
      const { key } = await admin<{ key: string }>("create-key", { project, kind: "write" });
      const [id, ...others] = (await ids()).filter((each) => !before.includes(each));
      assert.equal(others.length, 0);
      await admin("revoke-key", { project, key: id });
      assert.deepEqual(await ids(), before);
      const headers = { authorization: key, "content-type": "application/json" };
      const { status } = await caller.send("POST", `/3.0/projects/${project}/events/revoked`, headers, "{}");
      assert.equal(status, 401);
      return `${before.length} keys, one more, and ${before.length} again; the revoked one answers ${status}`;
    },
  },
  {
    name: "a project is throttled, and told when to come again; collecting is noted as paused and as resumed",
    async run({ stage, caller }) {
      const admin = <T>(action: string, more: object = {}) => stage.functions.invoke<T>("admin", { action, ...more });
      const made = await admin<Project>("create-project", { name: "Throttled" });
      const project = made.project.id;
      await admin("change-project", { project, requestsPerSecond: 0.1 });
      const headers = { authorization: made.writeKey, "content-type": "application/json" };
      const send = () => caller.send("POST", `/3.0/projects/${project}/events/throttled`, headers, "{}");
      const answers = [await send(), await send(), await send()];
      const refused = answers.find(({ status }) => status === 429);
      assert.ok(refused, `${answers.map(({ status }) => status).join(", ")}: none was refused`);
      assert.ok(Number(refused.headers["retry-after"]) > 0);
      await drain(stage);
      type Answer = { pause: { by: string } | null };
      assert.equal((await admin<Answer>("collecting", { set: "paused", by: "rehearsal" })).pause?.by, "rehearsal");
      assert.deepEqual(await admin<Answer>("collecting", { set: "resumed" }), { pause: null });
      return `${answers.map(({ status }) => status).join(", ")}; again after ${refused.headers["retry-after"] ?? ""} s`;
    },
  },
  {
    name: "an hour of the archive is sent again: nothing is stored twice",
    async run({ stage, caller, operator }) {
      const stored = sumOf(await ledger(caller), "stored");
      const [key = ""] = await operator.archived("raw");
      const [, ...hour] = key.split("/").slice(0, 5);
      const request = { hour: `${hour.slice(0, 3).join("-")}T${hour[3] ?? ""}` };
      const dry = await stage.functions.invoke<{ objects: number; messages: number }>("replay", request);
      assert.equal(dry.messages, 0);
      const sent = await stage.functions.invoke<{ messages: number }>("replay", { ...request, send: true });
      assert.ok(sent.messages > 0);
      await drain(stage);
      await until("stored", async () => sumOf(await ledger(caller), "stored"), stored);
      return `${dry.objects} objects, ${sent.messages} messages; still ${stored} events`;
    },
  },
  {
    name: "a dead letter that is redriven is stored, and no longer dead",
    async run({ stage, caller, operator }) {
      const collection = `redriven-${randomUUID().slice(0, 8)}`;
      assert.equal((await caller.record(collection, { n: 1 })).status, 201);
      assert.equal(await operator.move("events", "dead"), 1);
      await stage.schedule("Health");
      await until("dead", async () => sumOf(await ledger(caller), "dead"), 1);
      assert.equal(await operator.move("dead", "events"), 1);
      await drain(stage);
      await until(collection, () => caller.ask("count", { event_collection: collection }), 1);
      await stage.schedule("Health");
      await until("dead", async () => sumOf(await ledger(caller), "dead"), 0);
      return "dead 1, then stored, dead 0";
    },
  },
  {
    name: "a dead letter with events in it is dead in the ledger, not lost",
    async run({ stage, caller, operator }) {
      const events = [{ n: 1 }, { n: 2 }, { n: 3 }];
      assert.equal((await caller.recordMany({ buried: events })).status, 200);
      await operator.spoil({ v: 99 });
      await drain(stage);
      assert.equal((await operator.depth("dead")).visible, 1);
      await stage.schedule("Health");
      await until("dead", async () => sumOf(await ledger(caller), "dead"), events.length);
      return `buried by the collector, counted by health: ${events.length} events`;
    },
  },
  {
    name: "a deletion takes what is stored",
    async run({ stage, caller, shop }) {
      const collection = `deleted-${randomUUID().slice(0, 8)}`;
      assert.equal((await caller.record(collection, { n: 1 })).status, 201);
      await drain(stage);
      await until(collection, () => caller.ask("count", { event_collection: collection }), 1);
      const project = shop.project.id;
      const deleted = async () => sumOf(await ledger(caller), "deleted");
      const before = await deleted();
      await stage.functions.invoke("admin", { action: "delete-events", project, collection });
      await stage.schedule("Deletions");
      await until(collection, () => caller.ask("count", { event_collection: collection }), 0);
      await until("deleted", deleted, before + 1);
      return "gone from the store by the ten-minute schedule, deleted in the ledger";
    },
  },
  {
    name: "an alarm reaches Slack",
    async run({ stage }) {
      const before = stage.slack.posts.length;
      await stage.alarm({ AlarmName: "rehearsal-lag", NewStateValue: "ALARM", AlarmDescription: "Events wait." });
      const [post] = stage.slack.posts.slice(before);
      if (!post) throw new Error(`Nothing was posted to ${SLACK}:\n${stage.functions.log("alarm")}`);
      assert.match(post.text, /rehearsal-lag/);
      return `posted to ${SLACK}: ${JSON.stringify(post.text.slice(0, 60))}`;
    },
  },
  {
    name: "what the firewall, the gateway and Lambda turned away is in the ledger an hour later",
    async run({ stage, caller, operator }) {
      const { environment } = functionNamed(stage.deployment, "health");
      const of = (name: string) => environment[name] ?? "";
      const [ingest = "", query = ""] = of("GATEWAY_FUNCTIONS").split(",");
      const ofIngest = { FunctionName: ingest };
      await operator.count("AWS/ApiGateway", "Count", { ApiId: of("GATEWAY_ID") }, 10);
      await operator.count("AWS/Lambda", "Invocations", ofIngest, 4);
      await operator.count("AWS/Lambda", "Invocations", { FunctionName: query }, 1);
      await operator.count("AWS/Lambda", "Throttles", ofIngest, 2);
      await operator.count("AWS/Lambda", "Errors", ofIngest, 1);
      await operator.count("AWS/WAFV2", "BlockedRequests", { WebACL: of("FIREWALL"), Rule: "ALL" }, 3);
      await stage.schedule("Health", { aheadMs: 2 * HOUR_MS });
      const answer = (await caller.read("/ledger")) as { turned_away: Record<string, number>[] };
      const sums = ["firewall", "gateway", "throttled", "failed"].map((name) => sumOf(answer.turned_away, name));
      assert.deepEqual(sums, [3, 3, 2, 1]);
      return "of 10 requests at the gateway 5 reached a function; the firewall had stopped 3 before";
    },
  },
  {
    name: "a day later: the audit looks at all that was done here, and the ledger adds up",
    async run({ stage }) {
      const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const aheadMs = today + DAY_MS + 2 * HOUR_MS - Date.now();
      const day = new Date(today).toISOString().slice(0, 10);
      const audited = () =>
        executions(stage.functions.log("health"))
          .map((each) => each["millrace.labels"])
          .find((labels) => labels["ledger.day"] === day && labels["ledger.complete"] === true);
      // A day in each run: a rehearsal that began before midnight has yesterday's to look at first.
      for (let run = 0; run < 2 && !audited(); run++) await stage.schedule("Health", { aheadMs });
      assert.equal(audited()?.["ledger.differences"], 0);
      return `${day}, every project, no difference`;
    },
  },
  {
    name: "days later: salts that are over are gone, and no backup has them",
    async run({ stage, operator }) {
      const before = await operator.saltedDays();
      assert.notDeepEqual(before, []);
      await stage.schedule("Upkeep", { aheadMs: 5 * DAY_MS });
      const after = await operator.saltedDays();
      assert.deepEqual(
        after.filter((day) => before.includes(day)),
        [],
      );
      return `${before.join(", ")} are deleted; ${after.join(", ")} are there`;
    },
  },
  {
    name: "two weeks later: dead letters leave the queue for the archive",
    async run({ stage, operator }) {
      await stage.schedule("Upkeep", { aheadMs: 13 * DAY_MS + 60_000 });
      const kept = await operator.archived("dead");
      assert.equal(kept.length, 1);
      assert.deepEqual(await operator.depth("dead"), { visible: 0, hidden: 0 });
      return `${kept[0] ?? ""}; the queue is empty`;
    },
  },
  {
    name: "months later, with retention: whole indexes are dropped, and the ledger says expired",
    async run({ stage, caller, operator }) {
      const month = new Date().toISOString().slice(0, 7).replace("-", "");
      const ofMonth = async () =>
        (await indexes(operator)).filter((name) => /-events-/.test(name) && name.includes(`-${month}-v`));
      const before = sumOf(await ledger(caller), "stored");
      assert.notDeepEqual(await ofMonth(), []);
      await stage.schedule("Upkeep", { aheadMs: 100 * DAY_MS, env: { RETENTION_MONTHS: "1" } });
      assert.deepEqual(await ofMonth(), []);
      await until("expired", async () => sumOf(await ledger(caller), "expired"), before);
      return `the index of ${month} is gone; ${before} events are expired`;
    },
  },
];

async function indexes(operator: Operator): Promise<string[]> {
  const list = (await operator.search("/_cat/indices?format=json&h=index")) as { index: string }[];
  return list.map(({ index }) => index);
}

/** As `packages/monitor` writes it. */
interface Execution {
  readonly type: string;
  readonly "millrace.status": string;
  readonly "millrace.labels": Readonly<Record<string, unknown>>;
}

/** The executions in a function's log: of its environments that have ended, then of the others. */
function executions(log: string): Execution[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Execution)
    .filter(({ type }) => type === "execution");
}
