import {
  createAccess,
  createCollecting,
  createInvitations,
  createPasswords,
  createSecondFactors,
  createSqliteRegistry,
  createTombstones,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { expect, onTestFinished, test } from "vitest";
import { answerAdmin } from "./commands.ts";

function newParts() {
  const registry = createSqliteRegistry({ path: ":memory:" });
  onTestFinished(() => registry.close());
  const system = { registry, clock: systemClock, random: systemRandom };
  const kept = {
    invitations: createInvitations(system),
    passwords: createPasswords(system),
    secondFactors: createSecondFactors(system),
    collecting: createCollecting(system),
  };
  return { ...system, ...kept, access: createAccess(system), tombstones: createTombstones(system) };
}

test("a new project comes with keys that work at once", async () => {
  const parts = newParts();
  const { access } = parts;
  const answer = await answerAdmin(parts, { action: "create-project", name: "Shop", timezone: "Europe/Berlin" });
  if (!("project" in answer)) throw new Error("no project");
  expect(answer.project).toMatchObject({ name: "Shop", timezone: "Europe/Berlin" });
  await access.authenticate(answer.project.id, answer.masterKey, "master");
  await access.authenticate(answer.project.id, answer.readKey, "read");
  await expect(access.authenticate(answer.project.id, answer.readKey, "master")).rejects.toThrow();
});

test("a revoked key no longer works, and keys are only ever listed by their hash", async () => {
  const parts = newParts();
  const { access } = parts;
  const made = await answerAdmin(parts, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const listed = await answerAdmin(parts, { action: "list-keys", project: made.project.id });
  if (!("keys" in listed)) throw new Error("no keys");
  expect(JSON.stringify(listed)).not.toContain(made.masterKey);
  const master = listed.keys.find((key) => "kind" in key && key.kind === "master");
  await answerAdmin(parts, { action: "revoke-key", project: made.project.id, key: master?.id });
  await expect(access.authenticate(made.project.id, made.masterKey, "master")).rejects.toThrow("not a master key");
});

test("a project's settings are changed, and a bad one is named", async () => {
  const parts = newParts();
  const made = await answerAdmin(parts, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const command = { action: "change-project", project: made.project.id };
  const answer = await answerAdmin(parts, { ...command, redirectHosts: ["shop.example"], addresses: "whole" });
  expect(answer).toMatchObject({ changed: { name: "Shop", redirectHosts: ["shop.example"], wholeAddresses: true } });
  await expect(answerAdmin(parts, { ...command, redirectHosts: ["https://x"] })).rejects.toThrow('"https://x"');
  const bots = { ignore: ["no-user-agent"], also: [{ office: true }] };
  expect(await answerAdmin(parts, { ...command, bots })).toMatchObject({ changed: { bots } });
  await expect(answerAdmin(parts, { ...command, bots: { ignore: ["x"] } })).rejects.toThrow('"x"');
});

test("a project's proxies are set, and its secret is shown once", async () => {
  const parts = newParts();
  const made = await answerAdmin(parts, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const command = { action: "trust-proxies", project: made.project.id, addresses: ["203.0.113.0/24"] };
  expect(await answerAdmin(parts, command)).toEqual({ trusted: { addresses: ["203.0.113.0/24"] } });
  const answer = await answerAdmin(parts, { ...command, secret: true });
  if (!("trusted" in answer) || answer.secret === undefined) throw new Error("no secret");
  expect(JSON.stringify(await answerAdmin(parts, { action: "list-projects" }))).not.toContain(answer.secret);
  await expect(answerAdmin(parts, { ...command, addresses: ["everybody"] })).rejects.toThrow('"everybody"');
});

test.each([
  {},
  { action: "drop-everything" },
  { action: "create-project" },
  { action: "list-projects", extra: 1 },
  null,
])("%j is refused", async (event) => {
  await expect(answerAdmin(newParts(), event)).rejects.toThrow();
});

test("no key is made for a project nobody knows", async () => {
  await expect(answerAdmin(newParts(), { action: "create-key", project: "nowhere", kind: "read" })).rejects.toThrow(
    "no such project",
  );
});

test("a deletion is remembered for the collectors, and listed until upkeep is done with it", async () => {
  const parts = newParts();
  const made = await answerAdmin(parts, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const project = made.project.id;
  const before = Date.now();
  const command = { action: "delete-events", project, visitor: "ada", from: "2026-01-01", to: "2026-02-01" };
  const answer = await answerAdmin(parts, command);
  if (!("deletion" in answer)) throw new Error("no deletion");
  expect(answer.deletion).toMatchObject({
    project,
    visitor: "ada",
    from: Date.UTC(2026, 0, 1),
    to: Date.UTC(2026, 1, 1),
  });
  expect(answer.deletion.receivedBefore).toBeGreaterThanOrEqual(before);
  expect(await parts.tombstones.unsettled(project)).toEqual([answer.deletion]);
  expect(await answerAdmin(parts, { action: "list-deletions", project })).toEqual({ deletions: [answer.deletion] });
  await answerAdmin(parts, { action: "delete-events", project, everything: true });
  expect(await parts.tombstones.of(project)).toMatchObject({ size: 2 });
});

test.each<[input: object, words: string]>([
  [{}, "everything"],
  [{ everything: true, visitor: "ada" }, "everything"],
  [{ everything: false }, "everything"],
  [{ visitor: "ada", collection: "clicks" }, "one or the other"],
  [{ visitor: "" }, "empty"],
  [{ from: "soon" }, "ISO 8601"],
  [{ user: "ada" }, "user"],
  [{ project: "nowhere", visitor: "ada" }, "no such project"],
])("a deletion of %j is refused, and nothing is remembered", async (input, words) => {
  const parts = newParts();
  const made = await answerAdmin(parts, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const project = made.project.id;
  await expect(answerAdmin(parts, { action: "delete-events", project, ...input })).rejects.toThrow(words);
  expect(await parts.tombstones.of(project)).toMatchObject({ size: 0 });
});

test("the first owner is invited, and what commands change is in the log in the name of who ran them", async () => {
  const parts = newParts();
  const invited = await answerAdmin(parts, { action: "invite", email: "ada@example.com", role: "owner", by: "root" });
  if (!("invitation" in invited)) throw new Error("no invitation");
  expect(await parts.invitations.ofToken(invited.invitation.token)).toMatchObject({ roles: { "*": "owner" } });
  await answerAdmin(parts, { action: "create-project", name: "Shop", by: "root" });
  const log = await answerAdmin(parts, { action: "search-audit", who: "root" });
  if (!("entries" in log)) throw new Error("no log");
  expect(log.entries.map(({ what }) => what)).toEqual([
    "key.create",
    "key.create",
    "key.create",
    "project.create",
    "person.invite",
  ]);
  expect(JSON.stringify(log)).not.toContain(invited.invitation.token);
});

test("a person's role is changed by their address, and their sessions are listed and ended", async () => {
  const parts = newParts();
  const { id } = await parts.access.people.create({ email: "ada@example.com", name: "Ada", roles: {} });
  await parts.access.sessions.open({ person: id, method: "password" });
  const changed = await answerAdmin(parts, { action: "set-role", email: "Ada@example.com", role: "analyst" });
  expect(changed).toMatchObject({ person: { roles: { "*": "analyst" } } });
  const listed = await answerAdmin(parts, { action: "list-sessions", email: "ada@example.com" });
  if (!("sessions" in listed)) throw new Error("no sessions");
  const session = listed.sessions[0]?.id;
  await answerAdmin(parts, { action: "revoke-session", email: "ada@example.com", session });
  expect(await answerAdmin(parts, { action: "list-sessions", email: "ada@example.com" })).toEqual({ sessions: [] });
  await answerAdmin(parts, { action: "remove-person", email: "ada@example.com" });
  await expect(answerAdmin(parts, { action: "remove-person", email: "ada@example.com" })).rejects.toThrow("nobody");
});

test("collecting is paused once, resumed, and both are in the log; what an operator did with own rights is noted there", async () => {
  const parts = newParts();
  const ask = (more: object = {}) => answerAdmin(parts, { action: "collecting", by: "root", ...more });
  expect(await ask()).toEqual({ pause: null });
  const first = await ask({ set: "paused" });
  expect(first).toMatchObject({ pause: { by: "root" } });
  expect(await ask({ set: "paused", by: "eve" })).toEqual(first);
  expect(await ask({ set: "resumed" })).toEqual({ pause: null });
  await answerAdmin(parts, { action: "note-operation", what: "dead-letters.redrive", count: 3, by: "root" });
  const log = await answerAdmin(parts, { action: "search-audit", who: "root" });
  if (!("entries" in log)) throw new Error("no log");
  expect(log.entries.map(({ what }) => what)).toEqual([
    "dead-letters.redrive",
    "collecting.resumed",
    "collecting.paused",
  ]);
});

test("a project is throttled, and no longer; a rate that is none is refused", async () => {
  const parts = newParts();
  const made = await answerAdmin(parts, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const throttle = (requestsPerSecond: number | null) =>
    answerAdmin(parts, { action: "change-project", project: made.project.id, requestsPerSecond });
  expect(await throttle(2.5)).toMatchObject({ changed: { requestsPerSecond: 2.5 } });
  expect(await throttle(null)).toMatchObject({ changed: { requestsPerSecond: undefined } });
  await expect(throttle(0)).rejects.toThrow("from 0.1");
});
