import { embedToken } from "@millrace/client/server";
import assert from "node:assert/strict";
import { SENDER } from "../../account/settings.ts";
import { manage } from "./manage.ts";
import type { Step } from "./step.ts";

/** What is sent to people by its schedule. */
export const REPORTS: readonly Step[] = [
  {
    name: "a report and a watch: made, told in Slack by the schedule, ended",
    async run(flow) {
      const { caller, stage } = flow;
      const { slack } = stage;
      const to = [{ slack: `https://${slack.host}/services/T0/B0/reports` }];
      const alert = { below: 1_000_000 };
      const query = { analysis_type: "count", event_collection: "purchases" };
      const before = slack.posts.length;
      assert.equal((await manage(flow, "PUT", "/reports/daily", { every: "daily", to })).status, 201);
      assert.equal((await manage(flow, "POST", "/reports/daily/send")).status, 202);
      assert.equal((await manage(flow, "PUT", "/watches/few", { query, alert, to })).status, 201);
      await stage.schedule("SendReports");
      const told = slack.posts.slice(before).map(({ text }) => text);
      assert.deepEqual(told.map((text) => text.replace(/,.*/, "")).sort(), [
        "Shop: Watch few is warning",
        "Shop: daily report",
      ]);
      await stage.schedule("SendReports");
      assert.equal(slack.posts.length, before + 2);
      for (const path of ["/reports/daily", "/watches/few"])
        assert.equal((await manage(flow, "DELETE", path)).status, 204);
      assert.equal((await manage(flow, "GET", "/reports")).text, "[]");
      // A link that nobody was sent is answered as one that was followed.
      const link = `/3.0/unsubscribe/${flow.shop.project.id}${"0".repeat(48)}`;
      for (const method of ["GET", "POST"]) assert.equal((await caller.send(method, link, {})).status, 200);
      return "both once; the second run of the schedule had nothing to say";
    },
  },
  {
    name: "a report and a viewer's own, by mail: sent by SES in the role's name, once, and ended by the link in it",
    async run(flow) {
      const { caller, stage, operator } = flow;
      await operator.verifySender(SENDER);
      const to = [{ mail: "ada@example.com" }];
      const before = stage.mails.taken.length;
      assert.equal((await manage(flow, "PUT", "/reports/mailed", { every: "daily", to })).status, 201);
      assert.equal((await manage(flow, "POST", "/reports/mailed/send")).status, 202);
      for (let time = 0; time < 2; time++) await stage.schedule("SendReports");
      const [mail, ...more] = stage.mails.taken.slice(before);
      assert.ok(mail);
      assert.deepEqual(more, []);
      assert.deepEqual(mail.to, ["ada@example.com"]);
      assert.match(mail.subject, /^Shop: daily report/);
      const [, link = ""] = /<([^>]+)>/.exec(mail.headers["List-Unsubscribe"] ?? "") ?? [];
      assert.ok(mail.text.includes(link));
      const { pathname } = new URL(link);
      const receivers = async () => (await manage(flow, "GET", "/reports/mailed")).text.includes("ada@example.com");
      assert.equal((await caller.send("GET", pathname, {})).status, 200);
      assert.equal(await receivers(), true);
      assert.equal((await caller.send("POST", pathname, {})).status, 200);
      assert.equal(await receivers(), false);
      assert.equal((await manage(flow, "DELETE", "/reports/mailed")).status, 204);

      const { key_id, secret } = JSON.parse((await manage(flow, "POST", "/embed-keys")).text) as Record<string, string>;
      const claims = { secret: secret ?? "", customer: "rehearsal", filters: [], recipients: ["ada@example.com"] };
      const token = await embedToken({ ...claims, operations: ["view", "reports"] });
      const path = `/3.0/projects/${flow.shop.project.id}/embed/reports`;
      const json = { authorization: token, "content-type": "application/json" };
      const ask = (method: string, target: string, body?: object) =>
        caller.send(method, target, json, body && JSON.stringify(body));
      const made = await ask("POST", path, { address: "ada@example.com", every: "daily" });
      assert.equal(made.status, 201, made.text);
      const { id } = JSON.parse(made.text) as { id: string };
      assert.match((await ask("GET", path)).text, new RegExp(id));
      assert.equal((await ask("DELETE", `${path}/${id}`)).status, 204);
      assert.equal((await manage(flow, "DELETE", `/embed-keys/${key_id ?? ""}`)).status, 204);
      return `"${mail.subject}" from ${SENDER}; the link's page alone ended nothing`;
    },
  },
];
