import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Demo } from "../src/demo.ts";
import { addTenant, inProject, request } from "./client.ts";
import { freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

const SECRET = "only-acme-knows";
/** What only the neighbour may see: values, names of collections and properties. */
const LEAKS = /only-acme-knows|acme_orders|acme_margin/;

/**
 * The walls between two projects over HTTP, by whatever a stranger can send: the same cases on every store.
 * @param env chooses the store of the server
 */
export function describeWalls(env: Record<string, string> = {}): void {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;
  /** The attacker: holds every key of its own project. */
  let mallory: Demo;
  /** The neighbour whose events must stay its own. */
  let acme: Demo;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const tenant = await addTenant(folder.path, "Acme");
    server = await startServer(folder.path, await freePort(), env);
    mallory = server.demo;
    acme = { ...tenant, url: mallory.url };
    const mine = { acme_orders: [{ acme_margin: 7, customer: SECRET }], shared: [{ customer: SECRET, n: 1 }] };
    await request(acme, inProject(acme, "/events"), { key: acme.writeKey, body: mine });
    const theirs = { shared: [{ customer: "mallory", n: 1 }] };
    await request(mallory, inProject(mallory, "/events"), { key: mallory.writeKey, body: theirs });
    await Promise.all([settled(acme), settled(mallory)]);
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  const question = (extra: Record<string, unknown> = {}) => ({ event_collection: "shared", ...extra });
  const search = (parameters: Record<string, unknown>) => {
    const pairs = Object.entries(parameters).map(([name, value]): [string, string] => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return new URLSearchParams(pairs).toString();
  };

  describe("the neighbour's project, with keys of another", () => {
    const doors = ["", "/events", "/events/acme_orders", "/events/acme_orders/properties/acme_margin", "/ledger"];
    const questions = [
      "/queries",
      "/queries/count?event_collection=shared",
      "/queries/extraction?event_collection=shared",
      "/queries/select_unique?event_collection=shared&target_property=customer",
    ];

    test.each([...doors, ...questions])("GET %s is refused for every foreign key", async (door) => {
      for (const key of [mallory.writeKey, mallory.readKey, mallory.masterKey, "", "x".repeat(500)]) {
        const answer = await request(acme, inProject(acme, door), { key });
        expect(answer.status, `${door} with ${key.slice(0, 8)}`).toBe(401);
        expect(JSON.parse(answer.text)).toMatchObject({ error_code: "InvalidApiKeyError" });
        expect(answer.text).not.toMatch(LEAKS);
      }
    });

    test("neither the header nor the address gets in, nor both with different keys", async () => {
      const path = inProject(acme, "/queries/count");
      const inAddress = await request(acme, `${path}?${search({ ...question(), api_key: mallory.masterKey })}`);
      expect(inAddress.status).toBe(401);
      const wrongFirst = await request(acme, `${path}?${search({ ...question(), api_key: acme.readKey })}`, {
        key: mallory.readKey,
      });
      expect(wrongFirst.status).toBe(401);
    });

    test("JSONP answers the refusal to the function, and no number", async () => {
      const path = inProject(acme, "/queries/count");
      const { status, text } = await request(
        acme,
        `${path}?${search({ ...question(), api_key: mallory.readKey, jsonp: "cb" })}`,
      );
      expect(status).toBe(401);
      expect(text).toMatch(/^\/\*\*\/cb\(\{"message":.*"error_code":"InvalidApiKeyError"\}\);$/);
    });

    test("nothing is recorded there with a foreign key, by any of the ways in", async () => {
      const before = await settled(acme);
      const data = Buffer.from('{"customer":"mallory"}').toString("base64url");
      for (const key of [mallory.writeKey, mallory.masterKey, acme.readKey]) {
        const one = await request(acme, inProject(acme, "/events/shared"), { key, body: { customer: "mallory" } });
        const many = await request(acme, inProject(acme, "/events"), { key, body: { shared: [{}] } });
        const pixel = await request(acme, inProject(acme, `/events/shared?data=${data}&api_key=${key}`));
        expect([one.status, many.status, pixel.status]).toEqual([401, 401, 401]);
      }
      expect((await settled(acme)).accepted).toBe(before.accepted);
    });

    test("a read key cannot record, a write key cannot ask, in their own project either", async () => {
      const record = await request(mallory, inProject(mallory, "/events/shared"), { key: mallory.readKey, body: {} });
      const ask = await request(mallory, inProject(mallory, "/queries/count"), {
        key: mallory.writeKey,
        body: question(),
      });
      const ledger = await request(mallory, inProject(mallory, "/ledger"), { key: mallory.writeKey });
      expect([record.status, ask.status, ledger.status]).toEqual([401, 401, 401]);
    });
  });

  describe("one's own project, with questions that reach out", () => {
    const alwaysTrue = { property_name: "n", operator: "exists", property_value: true };
    const neverTrue = { property_name: "n", operator: "exists", property_value: false };
    const outward: [string, Record<string, unknown>][] = [
      ["or of a filter and its contrary", { filters: [{ operator: "or", operands: [alwaysTrue, neverTrue] }] }],
      ["not of what never holds", { filters: [{ operator: "not", operands: [neverTrue] }] }],
      [
        "a filter on the neighbour's value",
        { filters: [{ property_name: "customer", operator: "eq", property_value: SECRET }] },
      ],
      ["a project of the caller's choice", { project: "ACME", project_id: "ACME", projectId: "ACME", group: "ACME" }],
      ["SQL in a value", { filters: [{ property_name: "customer", operator: "eq", property_value: "x' OR '1'='1" }] }],
      [
        "SQL in a name",
        { filters: [{ property_name: "n' OR 1=1 --", operator: "eq", property_value: 1 }], group_by: 'x"; DROP TABLE' },
      ],
      ["every event name there is", { group_by: "$collection" }],
      ["names by wildcard", { event_collection: "*" }],
      ["many collections", { event_collection: ["shared", "acme_orders"] }],
      ["an empty or", { filters: [{ operator: "or", operands: [] }] }],
    ];
    test.each(outward)("%s", async (_name, extra) => {
      const body = JSON.parse(JSON.stringify(question(extra)).replaceAll("ACME", acme.project)) as Record<
        string,
        unknown
      >;
      for (const analysis of ["count", "extraction", "select_unique"]) {
        const asked = analysis === "select_unique" ? { ...body, target_property: "customer" } : body;
        const path = inProject(mallory, `/queries/${analysis}`);
        const answers = [
          await request(mallory, path, { key: mallory.readKey, body: asked }),
          await request(mallory, `${path}?${search({ ...asked, api_key: mallory.readKey })}`),
        ];
        for (const { status, text } of answers) {
          expect(status, text).toBeLessThan(500);
          if (status !== 200) continue;
          // Notes and refusals may quote what was asked; the result must not hold it.
          const answer = JSON.parse(text) as CountAnswer;
          expect(JSON.stringify(answer.result)).not.toMatch(LEAKS);
          if (analysis === "count") expect(countsIn(answer)).toBeLessThanOrEqual(1);
        }
      }
    });

    test("the neighbour's collection is unknown here, by the same words as one that nobody has", async () => {
      const ask = (event_collection: string) =>
        request(mallory, inProject(mallory, "/queries/count"), { key: mallory.readKey, body: { event_collection } });
      const [theirs, nobodys] = [await ask("acme_orders"), await ask("no_such_orders")];
      expect(theirs.status).toBe(404);
      expect(theirs.text).toBe(nobodys.text);
    });

    test("the schema and the ledger tell of no one else", async () => {
      const schema = await request(mallory, inProject(mallory, "/events"), { key: mallory.readKey });
      expect(schema.text).toContain("shared");
      expect(schema.text).not.toMatch(LEAKS);
      expect(await settled(mallory)).toMatchObject({ accepted: 1, stored: 1 });
      expect(await settled(acme)).toMatchObject({ accepted: 2, stored: 2 });
    });

    test("an id taken from the neighbour makes no duplicate of it: ids belong to their project", async () => {
      const id = `${Date.now().toString(16).padStart(12, "0")}aaaabbbbccccdddd`;
      const body = { ids: [{ keen: { id }, whose: "acme" }] };
      await request(acme, inProject(acme, "/events"), { key: acme.masterKey, body });
      await settled(acme);
      await request(mallory, inProject(mallory, "/events"), {
        key: mallory.masterKey,
        body: { ids: [{ keen: { id }, whose: "mallory" }] },
      });
      expect(await settled(mallory)).toMatchObject({ duplicate: 0 });
      for (const who of [acme, mallory]) {
        const answer = await request(who, inProject(who, "/queries/select_unique"), {
          key: who.readKey,
          body: { event_collection: "ids", target_property: "whose" },
        });
        expect(JSON.parse(answer.text)).toEqual({ result: [who === acme ? "acme" : "mallory"] });
      }
    });
  });
}

interface CountAnswer {
  readonly result: number | readonly { readonly result: number }[];
}

/** The largest number an answer of `count` holds, grouped or not. */
function countsIn({ result }: CountAnswer): number {
  return typeof result === "number" ? result : Math.max(0, ...result.map((group) => group.result));
}
