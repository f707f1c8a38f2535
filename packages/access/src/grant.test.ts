import type { Filter, JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import {
  demandPermission,
  grantForDataset,
  grantForSaved,
  grantOf,
  grantOfEmbed,
  grantOfPerson,
  ownGrant,
  scopeOf,
  UPKEEP,
  type EmbedGrant,
  type Grant,
  type Holder,
} from "./grant.ts";
import { kindFor } from "./not-permitted.ts";
import type { AccessOptions } from "./projects/access-keys.ts";
import { hashKey } from "./projects/keys.ts";
import type { Permission, Project } from "./projects/project.ts";

const project = { id: "shop", name: "Shop", timezone: "UTC" } as Project;
const key = "K".repeat(64);
const filterOf = (field: string) => ({ kind: "exists", field }) as Filter<string>;
/** Instead of the parser of questions, which is another package's: it says what it was given. */
const readFilters = (filters: readonly unknown[], path: string) => filterOf(`${path}: ${JSON.stringify(filters)}`);
const accessKey = (permitted: readonly string[], options: AccessOptions = {}, active = true) =>
  ({ kind: "access", key, name: "Partner", active, permitted, options }) as unknown as Holder;
const ask = (record: Holder | undefined, ...needs: Permission[]) =>
  grantOf({ project, key, record }, needs, readFilters);
const person = (role?: string, where = "shop") =>
  ({ id: "p1", email: "ada@example.com", roles: role === undefined ? {} : { [where]: role } }) as never;

const OWN = { write: ["write"], read: ["read", "schema", "saved_queries", "cached_queries", "datasets"] };
const MASTER = [
  "write",
  "read",
  "schema",
  "saved_queries",
  "cached_queries",
  "datasets",
  "define",
  "operate",
  "master",
];

test("a project's own keys do what their kind does, and the log names their kind", () => {
  const may = (kind: string, need: Permission) => [...ask({ kind, id: "k1" } as Holder, need).may].toSorted();
  expect(may("write", "write")).toEqual(OWN.write);
  for (const need of OWN.read) expect(may("read", need as Permission)).toEqual(expect.arrayContaining(OWN.read));
  for (const need of MASTER) expect(may("master", need as Permission)).toEqual(expect.arrayContaining(MASTER));
  expect(may("read", "read")).not.toEqual(expect.arrayContaining(["write"]));
  expect(ask({ kind: "read", id: "k1" } as Holder, "master", "read").principal).toEqual({
    kind: "key",
    id: "k1",
    name: "read key",
  });
  expect(ownGrant(project)).toEqual({
    project,
    may: ask({ kind: "read", id: "k" } as Holder, "read").may,
    principal: UPKEEP,
  });
  expect(UPKEEP).toEqual({ kind: "command", id: "upkeep", name: "upkeep" });
});

test.each<[permitted: string[], needs: Permission[], said: string]>([
  [["writes"], ["read"], "The access key does not permit this: it lacks queries."],
  [["queries"], ["write"], "The access key does not permit this: it lacks writes."],
  [
    ["queries"],
    ["saved_queries", "cached_queries"],
    "The access key does not permit this: it lacks saved_queries or cached_queries.",
  ],
  [["schema"], ["datasets"], "The access key does not permit this: it lacks datasets."],
  [["datasets"], ["schema"], "The access key does not permit this: it lacks schema."],
  [["queries"], ["master"], "The access key does not permit this: it takes the master key."],
  [[], ["read", "write"], "The access key does not permit this: it lacks writes or queries."],
])("an access key that permits %j is told what it lacks for %j", (permitted, needs, said) => {
  expect(() => ask(accessKey(permitted), ...needs)).toThrow(
    expect.objectContaining({ code: "InvalidApiKeyError", message: said }),
  );
  const held = { project, may: new Set(), principal: UPKEEP } as unknown as Grant;
  expect(() => demandPermission(held, ...needs)).toThrow(said);
});

test("an access key has its name in the log, its filters in every question, and nothing that it was not given", () => {
  expect(ask(accessKey(["writes", "queries"]), "write")).toStrictEqual({
    project,
    may: new Set(["write", "read"]),
    principal: { kind: "key", id: hashKey(key), name: "Partner" },
    options: {},
  });
  const options = {
    writes: { autofill: { plan: "a" } },
    queries: { filters: [1] },
    saved_queries: { filters: [2], allowed: ["a"] },
    datasets: { operations: ["list"] },
  } as unknown as AccessOptions;
  expect(
    ask(accessKey(["queries", "saved_queries", "cached_queries", "datasets", "schema"], options), "read"),
  ).toStrictEqual({
    project,
    may: new Set(["read", "saved_queries", "cached_queries", "datasets", "schema"]),
    principal: expect.anything(),
    options: { saved_queries: options.saved_queries, datasets: options.datasets },
    autofill: { plan: "a" },
    queryFilter: filterOf("options.queries.filters: [1]"),
    savedFilter: filterOf("options.saved_queries.filters: [2]"),
  });
  const none = { queries: { filters: [] }, saved_queries: { filters: [] } } as AccessOptions;
  expect(ask(accessKey(["queries"], none), "read")).not.toHaveProperty("queryFilter");
  expect(ask(accessKey(["queries"], none), "read")).not.toHaveProperty("savedFilter");
  expect(() => ask(accessKey(["queries"], {}, false), "read")).toThrow("This access key is revoked.");
});

test.each<[needs: Permission[], said: string]>([
  [["write"], "The key is not a write key of this project."],
  [["read", "write"], "The key is not a write key of this project."],
  [["schema"], "The key is not a read key of this project."],
  [["master"], "The key is not a master key of this project."],
  [["define"], "The key is not a master key of this project."],
])("who has no key for %j is told which kind it takes", (needs, said) => {
  expect(() => ask(undefined, ...needs)).toThrow(said);
  expect(() => ask({ kind: "person", person: person() } as Holder, ...needs)).toThrow(said);
  expect(said).toContain(kindFor(needs));
});

test.each<Permission>(["view", "export", "reports"])(
  "what only an embed token may (%s) is refused to every other key and to people in these words, not as if another key were needed",
  (need) => {
    const said = "This needs an embed token.";
    for (const kind of ["write", "read", "master"] as const)
      expect(() => ask({ kind, id: "k1" } as Holder, need)).toThrow(said);
    expect(() => ask(undefined, need)).toThrow(said);
    expect(() => ask(accessKey(["queries"]), need)).toThrow(said);
    for (const role of ["owner", undefined])
      expect(() => ask({ kind: "person", person: person(role) } as Holder, need)).toThrow(said);
    expect(() => demandPermission(ask({ kind: "master", id: "k1" } as Holder, "master"), need)).toThrow(said);
    // Where a key would do as well, it is the key that is missed.
    expect(() => ask(undefined, "read", need)).toThrow("The key is not a read key of this project.");
  },
);

test.each([
  ["0".repeat(96), true],
  ["aF".repeat(64), true],
  ["0".repeat(64), false],
  ["0".repeat(95), false],
  [`${"0".repeat(96)}g`, false],
  [`g${"0".repeat(96)}`, false],
])("a key that is one of Keen's scoped keys is told apart: %s", (text, isScoped) => {
  expect(() => grantOf({ project, key: text, record: undefined }, ["read"], readFilters)).toThrow(
    isScoped ? "Scoped keys are not supported. Use an access key." : "The key is not a read key of this project.",
  );
});

test("a person does what their role does in this project, is named in the log, and learns of no other project", () => {
  const grant = grantOfPerson(project, person("viewer"), ["read"]);
  expect(grant.principal).toEqual({ kind: "person", id: "p1", name: "ada@example.com" });
  expect(ask({ kind: "person", person: person("viewer") } as Holder, "read")).toEqual(grant);
  expect(() => grantOfPerson(project, person("viewer"), ["master"])).toThrow("This is not for the role viewer.");
  expect(() => grantOfPerson(project, person("viewer", "other"), ["read"])).toThrow("The key is not a read key");
});

test("an embed token lets do its operations, under its filter, as its customer", () => {
  const embed = {
    id: "t1",
    rules: { customer: "Ada" },
    operations: ["view"],
    filter: filterOf("a"),
  } as unknown as EmbedGrant;
  const grant = grantOfEmbed(project, embed, ["export", "view"]);
  expect(grant).toEqual({
    project,
    may: new Set(["view"]),
    principal: { kind: "embed", id: "t1", name: "Ada" },
    queryFilter: embed.filter,
    embed: embed.rules,
  });
  const said = "The embed token does not permit this.";
  expect(() => grantOfEmbed(project, embed, ["export"])).toThrow(said);
  expect(() => demandPermission(grant, "export")).toThrow(said);
  expect(() => demandPermission(grant, "read", "view")).not.toThrow();
});

test("what a grant lets see is its project, its filter, and what the project says of bots", () => {
  expect(scopeOf(ownGrant(project))).toStrictEqual({ project: "shop" });
  const bots = { ignore: [], also: [] };
  const grant = { ...ownGrant({ ...project, bots } as Project), queryFilter: filterOf("a") };
  expect(scopeOf(grant)).toStrictEqual({ project: "shop", filter: filterOf("a"), bots });
});

describe("a saved query", () => {
  const grantWith = (options: JsonObject, more: object = {}) =>
    ({ project, may: new Set(["saved_queries", "cached_queries"]), options, ...more }) as unknown as Grant;
  const isAllowed = (grant: Grant, cached = false) => {
    try {
      grantForSaved(grant, "mine", cached);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ message: 'The access key may not use the saved query "mine".' });
      return false;
    }
  };

  test.each<[rule: JsonObject | undefined, isAllowed: boolean]>([
    [undefined, true],
    [{}, true],
    [{ allowed: ["mine"] }, true],
    [{ allowed: ["yours"] }, false],
    [{ allowed: [] }, false],
    [{ blocked: ["mine"] }, false],
    [{ blocked: ["yours"] }, true],
    [{ allowed: ["mine"], blocked: ["mine"] }, false],
  ])("is allowed by %j: %s, and a cached one has names of its own", (rule, allowed) => {
    const options = rule === undefined ? {} : { saved_queries: rule };
    expect(isAllowed(grantWith(options))).toBe(allowed);
    expect(isAllowed(grantWith(options), true)).toBe(true);
    expect(isAllowed(grantWith(rule === undefined ? {} : { cached_queries: rule }), true)).toBe(allowed);
    expect(isAllowed({ ...grantWith(options), may: new Set(["cached_queries"]) })).toBe(false);
    expect(isAllowed({ ...grantWith({}), may: new Set(["saved_queries"]) }, true)).toBe(false);
  });

  test("is answered under the filters for questions and for saved ones, and a long name is cut", () => {
    const filters = { queryFilter: filterOf("q"), savedFilter: filterOf("s") };
    expect(grantForSaved(grantWith({}, filters), "mine", false).queryFilter).toEqual({
      kind: "all",
      of: [filterOf("q"), filterOf("s")],
    });
    expect(grantForSaved(grantWith({}, { savedFilter: filterOf("s") }), "mine", false).queryFilter).toEqual(
      filterOf("s"),
    );
    expect(grantForSaved(grantWith({}, { queryFilter: filterOf("q") }), "mine", false).queryFilter).toEqual(
      filterOf("q"),
    );
    const none = { ...ownGrant(project), may: new Set<Permission>() };
    expect(() => grantForSaved(none, "x".repeat(90), false)).toThrow(`"${"x".repeat(80)}".`);
    expect(grantForSaved(ownGrant(project), "mine", false)).toEqual(ownGrant(project));
  });
});

describe("a dataset", () => {
  const grantWith = (datasets?: JsonObject) =>
    ({ project, may: new Set(["datasets"]), ...(datasets && { options: { datasets } }) }) as unknown as Grant;
  const read = { name: "each", operation: "read" } as const;

  test.each<[rule: JsonObject | undefined, isAllowed: boolean]>([
    [undefined, true],
    [{}, true],
    [{ operations: ["read"] }, true],
    [{ operations: ["list", "retrieve"] }, false],
    [{ allowed: { each: {} } }, true],
    [{ allowed: { other: {} } }, false],
    [{ allowed: {} }, false],
    [{ blocked: ["each"] }, false],
    [{ blocked: ["other"] }, true],
    [{ allowed: { each: { index_by: { country: ["PL"] } } } }, true],
  ])("is allowed by %j: %s", (rule, allowed) => {
    const grant = grantForDataset(grantWith(rule), read);
    expect(grant.allowed).toBe(allowed);
    if (allowed) expect(() => grant.demand()).not.toThrow();
    else expect(() => grant.demand()).toThrow('The access key may not read the dataset "each" so.');
    expect(grantForDataset({ ...grantWith(rule), may: new Set() }, read).allowed).toBe(false);
  });

  test("gives of the values that were asked for those that the key may have, and nothing where none is left", () => {
    const grant = grantWith({ allowed: { each: { index_by: { country: ["PL", 5] } } } });
    const asked = (...values: (string | number)[]) =>
      grantForDataset(grant, {
        ...read,
        index: new Map([
          ["country", values],
          ["price", ["5"]],
        ]),
      });
    expect(asked("PL", "DE", "5", 5)).toMatchObject({
      allowed: true,
      index: new Map<string, unknown>([
        ["country", ["PL", 5]],
        ["price", ["5"]],
      ]),
    });
    expect(asked("DE", "5").allowed).toBe(false);
    expect(() =>
      grantForDataset(grantWith({ blocked: ["x".repeat(90)] }), { name: "x".repeat(90), operation: "list" }).demand(),
    ).toThrow(`may not list the dataset "${"x".repeat(80)}" so.`);
  });
});
