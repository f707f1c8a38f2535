import { embedToken } from "@millrace/client/server";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ledger, sumOf } from "./ask-steps.ts";
import { drain } from "./drain.ts";
import { manage } from "./manage.ts";
import type { Step } from "./step.ts";
import { until } from "./until.ts";

/** What the master key changes over HTTP: a function of its own, with rights that the one for questions lacks. */
export const MANAGE: readonly Step[] = [
  {
    name: "a saved query: put, answered, replaced, gone",
    async run(flow) {
      const path = "/queries/saved/plans";
      const query = { analysis_type: "count", event_collection: "purchases", timeframe: "today" };
      assert.equal((await manage(flow, "PUT", path, { query })).status, 201);
      const { result } = (await flow.caller.read(`${path}/result`)) as { result: unknown };
      assert.equal(result, 205);
      assert.equal((await manage(flow, "PUT", path, { query: { ...query, group_by: "plan" } })).status, 200);
      assert.equal((await manage(flow, "DELETE", path)).status, 204);
      assert.equal((await manage(flow, "GET", path)).status, 404);
      return "205 by its name, and by nobody's any more";
    },
  },
  {
    name: "a board: put, read with the read key, replaced, gone",
    async run(flow) {
      const path = "/definitions/boards/morning";
      const board = { title: "Morning", content: { tiles: [] } };
      assert.equal((await manage(flow, "PUT", path, board)).status, 201);
      const { title } = (await flow.caller.read(path)) as { title: string };
      assert.equal(title, board.title);
      assert.equal((await manage(flow, "PUT", path, { ...board, version: 1 })).status, 200);
      assert.equal((await manage(flow, "DELETE", path)).status, 204);
      assert.equal((await manage(flow, "GET", path)).status, 404);
      return "read by its readers, and gone";
    },
  },
  {
    name: "kept answers: made, refreshed by the schedule, and forgotten with their definition",
    async run(flow) {
      const { caller, stage } = flow;
      const query = { event_collection: "purchases", timeframe: "today" };
      const median = { analysis_type: "median", target_property: "price", ...query };
      const step = { actor_property: "plan", ...query };
      const free = [{ property_name: "plan", operator: "eq", property_value: "free" }];
      // One question that is asked of the newest state, and one of a snapshot.
      const funnel = { analysis_type: "funnel", steps: [step, { ...step, filters: free }] };
      for (const [name, asked] of Object.entries({ kept: median, funnel, forgotten: median })) {
        const cached = { refresh_rate: 14_400, query: asked };
        assert.equal((await manage(flow, "PUT", `/queries/saved/${name}`, cached)).status, 201);
      }
      assert.equal((await manage(flow, "DELETE", "/queries/saved/forgotten")).status, 204);
      const dataset = { query: { analysis_type: "count", interval: "daily", ...query }, index_by: "plan" };
      assert.equal((await manage(flow, "PUT", "/datasets/plans", dataset)).status, 201);
      await stage.schedule("RefreshAnswers");
      const ofSchedule = (await caller.read("/queries/saved/kept/result")) as Kept;
      assert.equal(ofSchedule.result, 97);
      assert.equal(ofSchedule.run_information?.last_run_status, 200);
      assert.ok((ofSchedule.meta?.age ?? 0) > 0);
      const actors = (await caller.read("/queries/saved/funnel/result")) as Kept & { result: { result: number[] } };
      assert.deepEqual(actors.result.result, [2, 1]);
      assert.equal(actors.run_information?.last_run_status, 200);
      const values = async () => ((await caller.read("/datasets/plans/results?index_by=pro")) as Kept).meta?.age;
      assert.equal(await values(), undefined);
      assert.ok(((await values()) ?? 0) > 0);
      for (const name of ["kept", "funnel"])
        assert.equal((await manage(flow, "DELETE", `/queries/saved/${name}`)).status, 204);
      assert.equal((await manage(flow, "DELETE", "/datasets/plans")).status, 204);
      return `the median was ${String(ofSchedule.meta?.age)} s old; the second look at a dataset found the answer of the first`;
    },
  },
  {
    name: "an access key: made, asks what it may, revoked, ended",
    async run(flow) {
      const made = await manage(flow, "POST", "/keys", { name: "reports", permitted: ["queries"] });
      assert.equal(made.status, 201, made.text);
      const { key } = JSON.parse(made.text) as { key: string };
      const target = `/3.0/projects/${flow.shop.project.id}/queries/count?event_collection=purchases`;
      const ask = async () => (await flow.caller.send("GET", target, { authorization: key })).status;
      assert.equal(await ask(), 200);
      assert.equal((await manage(flow, "POST", `/keys/${key}/revoke`)).status, 200);
      assert.equal((await manage(flow, "DELETE", `/keys/${key}`)).status, 204);
      assert.equal((await manage(flow, "GET", `/keys/${key}`)).status, 404);
      return "one question answered, then it was no key any more";
    },
  },
  {
    name: "an embed secret: made, its token asks, is revoked; the secret ended",
    async run(flow) {
      const made = await manage(flow, "POST", "/embed-keys");
      assert.equal(made.status, 201, made.text);
      const { key_id, secret } = JSON.parse(made.text) as { key_id: string; secret: string };
      const claims = { secret, customer: "rehearsal", filters: [], id: `rehearsal-${randomUUID()}` };
      const target = `/3.0/projects/${flow.shop.project.id}/queries/count?event_collection=purchases`;
      const token = await embedToken({ ...claims, collections: ["purchases"] });
      const ask = async () => (await flow.caller.send("GET", target, { authorization: token })).status;
      assert.equal(await ask(), 200);
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const page = await flow.caller.send("POST", "/embed", form, `token=${token}`);
      assert.equal(page.status, 200, page.text);
      assert.match(page.text, /millrace-embed/);
      const looked = await manage(flow, "POST", "/embed-tokens", { customer: "rehearsal", filters: [] });
      assert.equal(looked.status, 201, looked.text);
      assert.equal((await manage(flow, "DELETE", `/embed-tokens/${claims.id}`)).status, 204);
      assert.equal((await manage(flow, "DELETE", `/embed-keys/${key_id}`)).status, 204);
      assert.equal((await manage(flow, "GET", "/embed-keys")).text, "[]");
      return "one question answered with a token that nobody had announced";
    },
  },
  {
    name: "a share link: made, asks what it shows, ended",
    async run(flow) {
      const made = await manage(flow, "POST", "/share-links", { name: "Board", collections: ["purchases"] });
      assert.equal(made.status, 201, made.text);
      const { id, key } = JSON.parse(made.text) as { id: string; key: string };
      const target = `/3.0/projects/${flow.shop.project.id}/queries/count?event_collection=purchases`;
      assert.equal((await flow.caller.send("GET", target, { authorization: key })).status, 200);
      assert.equal((await manage(flow, "DELETE", `/share-links/${id}`)).status, 204);
      assert.equal((await manage(flow, "GET", "/share-links")).text, "[]");
      return "one question answered, then the link was none any more";
    },
  },
  {
    name: "a share link with a password: locked, tried in vain, opened, ended",
    async run(flow) {
      const password = "correct horse battery";
      const made = await manage(flow, "POST", "/share-links", { name: "Board", collections: ["purchases"], password });
      assert.equal(made.status, 201, made.text);
      const { id, key: link } = JSON.parse(made.text) as { id: string; key: string };
      const target = `/3.0/projects/${flow.shop.project.id}/queries/count?event_collection=purchases`;
      const ask = (authorization: string) => flow.caller.send("GET", target, { authorization });
      assert.match((await ask(link)).text, /PasswordRequired/);
      const open = (tried: string) => manage(flow, "POST", "/share-links/open", { link, password: tried });
      assert.equal((await open("another long one")).status, 401);
      const opened = await open(password);
      assert.equal(opened.status, 200, opened.text);
      assert.equal((await ask((JSON.parse(opened.text) as { key: string }).key)).status, 200);
      assert.equal((await manage(flow, "DELETE", `/share-links/${id}`)).status, 204);
      return "one question answered with what link and password were exchanged for";
    },
  },
  {
    name: "events deleted over the API: those that a filter names, then their collection",
    async run(flow) {
      const { caller, stage } = flow;
      const collection = `unwanted-${randomUUID().slice(0, 8)}`;
      for (let n = 0; n < 3; n++) assert.equal((await caller.record(collection, { n })).status, 201);
      await drain(stage);
      const count = () => caller.ask("count", { event_collection: collection });
      await until(collection, count, 3);
      const deleted = async () => sumOf(await ledger(caller), "deleted");
      const before = await deleted();
      const filters = JSON.stringify([{ property_name: "n", operator: "eq", property_value: 1 }]);
      const path = `/events/${collection}`;
      const some = await manage(flow, "DELETE", `${path}?filters=${encodeURIComponent(filters)}`);
      assert.equal(some.status, 204, some.text);
      await until(collection, count, 2);
      const rest = await manage(flow, "DELETE", path);
      assert.equal(rest.status, 204, rest.text);
      await until(collection, count, 0);
      await until("deleted", deleted, before + 3);
      return "one by its property, two with their collection; three deleted in the ledger";
    },
  },
  {
    name: "a rejected event: listed with its reason, found by its text, sent again over the API",
    async run(flow) {
      const { caller, stage, operator } = flow;
      const rejected = async () => sumOf(await ledger(caller), "rejected");
      const before = await rejected();
      assert.equal((await caller.record("unreadable", { n: 1 })).status, 201);
      await operator.spoil({ events: [{ collection: "by hand" }] });
      await drain(stage);
      await until("rejected", rejected, before + 1);
      const groups = await manage(flow, "GET", "/rejected?reason=unreadable");
      assert.match(groups.text, /The event's id is malformed/);
      const found = await manage(flow, "GET", "/rejected/events?text=by%20hand");
      assert.equal((JSON.parse(found.text) as { events: unknown[] }).events.length, 1, found.text);
      for (let time = 0; time < 2; time++) {
        const sent = await manage(flow, "POST", "/rejected/replay", { send: true, text: "by hand" });
        assert.deepEqual(JSON.parse(sent.text), { found: 1, without_raw: 0, sent: 1, after: null });
      }
      await drain(stage);
      assert.equal(await rejected(), before + 1);
      return "sent twice, and still rejected once: nothing of it was mended";
    },
  },
  {
    name: "a property deleted over the API: the events stay, without it",
    async run(flow) {
      const { caller, stage } = flow;
      const collection = `stripped-${randomUUID().slice(0, 8)}`;
      for (let n = 0; n < 3; n++) assert.equal((await caller.record(collection, { n, secret: { n } })).status, 201);
      await drain(stage);
      const having = (property_name: string) =>
        caller.ask("count", {
          event_collection: collection,
          filters: [{ property_name, operator: "exists", property_value: true }],
        });
      await until(collection, () => having("secret.n"), 3);
      const answer = await manage(flow, "DELETE", `/events/${collection}/properties/secret`);
      assert.equal(answer.status, 204, answer.text);
      await until(collection, () => having("secret.n"), 0);
      assert.equal(await having("n"), 3);
      return "three events of before the deletion, none with the property";
    },
  },
];

/** An answer that is kept. */
interface Kept {
  readonly result: unknown;
  readonly meta?: { readonly age?: number };
  readonly run_information?: { readonly last_run_status: number };
}
