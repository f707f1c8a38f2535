import { totpOf } from "@millrace/access/testing";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Flow, Step } from "./step.ts";

type Told = Readonly<Record<string, unknown>>;

/** People, projects and keys over the console: from the first invitation, which only the account can make, to a session and out again. */
export const CONSOLE: readonly Step[] = [
  {
    name: "an owner: invited by the account, joins, signs in again, invites, makes and ends, is removed",
    async run(flow) {
      const { stage } = flow;
      const admin = <T = Told>(action: string, more: object = {}) =>
        stage.functions.invoke<T>("admin", { action, ...more });
      const suffix = randomUUID().slice(0, 8);
      const [owner, other] = [`owner-${suffix}@example.com`, `other-${suffix}@example.com`];
      const password = "of the rehearsal, long";
      await admin("invite", { email: other, role: "owner" });
      const { invitation } = await admin<{ invitation: { token: string } }>("invite", { email: owner, role: "owner" });
      const token = invitation.token;
      const joined = await ask(flow, "POST", "/invitations/accept", { body: { token, name: "Owner", password } });
      assert.equal(joined.status, 201, joined.text);
      const wrong = await ask(flow, "POST", "/sign-in", { body: { email: owner, password: "not this one" } });
      assert.equal(wrong.status, 401);
      const signedIn = await ask(flow, "POST", "/sign-in", { body: { email: owner, password } });
      assert.equal(signedIn.status, 200, signedIn.text);
      const cookie = signedIn.cookies[0]?.split(";")[0] ?? "";
      const { csrf, token: asking } = JSON.parse((await ask(flow, "GET", "/session", { cookie })).text) as {
        csrf: string;
        token: string;
      };
      const as = { cookie, csrf };

      const target = `/3.0/projects/${flow.shop.project.id}/queries/count?event_collection=purchases`;
      assert.equal((await flow.caller.send("GET", target, { authorization: asking })).status, 200);
      const made = await ask(flow, "POST", "/projects", { ...as, body: { name: "Made in the console" } });
      assert.equal(made.status, 201, made.text);
      const { project } = JSON.parse(made.text) as { project: { id: string } };
      const path = `/projects/${project.id}`;
      assert.equal((await ask(flow, "PUT", path, { ...as, body: { name: "Renamed", archived: true } })).status, 200);
      const key = JSON.parse((await ask(flow, "POST", `${path}/keys`, { ...as, body: { kind: "read" } })).text) as {
        id: string;
      };
      assert.equal((await ask(flow, "DELETE", `${path}/keys/${key.id}`, as)).status, 204);
      const invited = await ask(flow, "POST", `${path}/invitations`, {
        ...as,
        body: { email: `x-${other}`, role: "viewer" },
      });
      const { id } = (JSON.parse(invited.text) as { invitation: { id: string } }).invitation;
      assert.equal((await ask(flow, "DELETE", `${path}/invitations/${id}`, as)).status, 204);
      assert.equal(
        (await ask(flow, "PUT", "/password", { ...as, body: { current: password, password: `${password}er` } })).status,
        204,
      );
      await secondFactor(flow, as, { email: owner, password: `${password}er` });
      const log = JSON.parse((await ask(flow, "GET", `${path}/audit`, as)).text) as { entries: { what: string }[] };
      assert.ok(log.entries.some(({ what }) => what === "project.archive"));
      const ofAll = await ask(flow, "POST", "/organisation-keys", { ...as, body: { name: "console" } });
      assert.equal(ofAll.status, 201, ofAll.text);
      const { id: ofAllId } = JSON.parse(ofAll.text) as { id: string };
      assert.equal((await ask(flow, "DELETE", `/organisation-keys/${ofAllId}`, as)).status, 204);
      const unproved = await ask(flow, "POST", "/projects", { cookie, body: { name: "Evil" } });
      assert.equal(unproved.status, 403);
      assert.equal((await ask(flow, "POST", "/sign-out", as)).status, 204);
      assert.equal((await ask(flow, "GET", "/session", { cookie })).status, 401);

      const { key: organisation, id: keyId } = await admin<{ key: string; id: string }>("create-organisation-key", {
        name: "rehearsal",
      });
      const headers = { authorization: organisation, "content-type": "application/json" };
      assert.equal((await flow.caller.send("GET", "/console/projects", headers)).status, 200);
      await admin("revoke-organisation-key", { key: keyId });
      assert.equal((await flow.caller.send("GET", "/console/projects", headers)).status, 401);
      return `${log.entries.length} entries in the log of the project; out, and out for good`;
    },
  },
];

/** Turned on with a code of the app; then a password alone opens nothing, a code for emergencies does; and off again. */
async function secondFactor(flow: Flow, as: Asked, { email, password }: { email: string; password: string }) {
  const begun = await ask(flow, "POST", "/second-factor", { ...as, body: { password } });
  assert.equal(begun.status, 201, begun.text);
  const { secret } = JSON.parse(begun.text) as { secret: string };
  const code = totpOf(secret, Date.now());
  const on = await ask(flow, "PUT", "/second-factor", { ...as, body: { code } });
  assert.equal(on.status, 200, on.text);
  const [emergency] = (JSON.parse(on.text) as { emergency_codes: string[] }).emergency_codes;
  assert.equal((await ask(flow, "POST", "/sign-in", { body: { email, password } })).status, 202);
  assert.equal((await ask(flow, "POST", "/sign-in", { body: { email, password, code: emergency } })).status, 200);
  assert.equal((await ask(flow, "DELETE", "/second-factor", { ...as, body: { password } })).status, 204);
}

interface Asked {
  readonly cookie?: string;
  readonly csrf?: string;
  readonly body?: object;
}

function ask({ caller }: Flow, method: string, path: string, { cookie, csrf = "none", body }: Asked) {
  const headers = {
    "content-type": "application/json",
    // A page of the console always sends one; what it is counts only beside a cookie. An empty header would be dropped on the way.
    "x-millrace-csrf": csrf,
    ...(cookie !== undefined && { cookie }),
  };
  return caller.send(method, `/console${path}`, headers, body && JSON.stringify(body));
}
