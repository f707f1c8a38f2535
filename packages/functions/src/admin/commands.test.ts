import { createAccess, createSqliteRegistry, systemClock, systemRandom } from "@millrace/access";
import { expect, onTestFinished, test } from "vitest";
import { answerAdmin } from "./commands.ts";

function newAccess() {
  const registry = createSqliteRegistry({ path: ":memory:" });
  onTestFinished(() => registry.close());
  return createAccess({ registry, clock: systemClock, random: systemRandom });
}

test("a new project comes with keys that work at once", async () => {
  const access = newAccess();
  const answer = await answerAdmin(access, { action: "create-project", name: "Shop", timezone: "Europe/Berlin" });
  if (!("project" in answer)) throw new Error("no project");
  expect(answer.project).toMatchObject({ name: "Shop", timezone: "Europe/Berlin" });
  await access.authenticate(answer.project.id, answer.masterKey, "master");
  await access.authenticate(answer.project.id, answer.readKey, "read");
  await expect(access.authenticate(answer.project.id, answer.readKey, "master")).rejects.toThrow();
});

test("a revoked key no longer works, and keys are only ever listed by their hash", async () => {
  const access = newAccess();
  const made = await answerAdmin(access, { action: "create-project", name: "Shop" });
  if (!("project" in made)) throw new Error("no project");
  const listed = await answerAdmin(access, { action: "list-keys", project: made.project.id });
  if (!("keys" in listed)) throw new Error("no keys");
  expect(JSON.stringify(listed)).not.toContain(made.masterKey);
  const master = listed.keys.find(({ kind }) => kind === "master");
  await answerAdmin(access, { action: "revoke-key", project: made.project.id, key: master?.id });
  await expect(access.authenticate(made.project.id, made.masterKey, "master")).rejects.toThrow("not a master key");
});

test.each([
  {},
  { action: "drop-everything" },
  { action: "create-project" },
  { action: "list-projects", extra: 1 },
  null,
])("%j is refused", async (event) => {
  await expect(answerAdmin(newAccess(), event)).rejects.toThrow();
});

test("no key is made for a project nobody knows", async () => {
  await expect(answerAdmin(newAccess(), { action: "create-key", project: "nowhere", kind: "read" })).rejects.toThrow(
    "no such project",
  );
});
