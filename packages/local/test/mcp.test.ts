import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addTenant, inProject, request } from "./client.ts";
import { freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

const DAY = 86_400_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let other: Awaited<ReturnType<typeof addTenant>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  other = await addTenant(folder.path, "Other");
  server = await startServer(folder.path, await freePort());
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** An assistant's connection, with the SDK's own client. */
async function connect(key = server.demo.readKey): Promise<Client> {
  const client = new Client({ name: "assistant", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", server.demo.url), { requestInit }));
  return client;
}

interface Told {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Told> {
  return (await client.callTool({ name, arguments: args })) as Told;
}

/** What a model reads first of a result: JSON. */
async function ask<T>(client: Client, name: string, args: Record<string, unknown> = {}): Promise<T> {
  const told = await call(client, name, args);
  expect(told.isError, told.content[0]?.text).not.toBe(true);
  return JSON.parse(told.content[0]?.text ?? "") as T;
}

const CHANNELS = { Email: [4, 20], Direct: [30, 33], Referral: [9, 2] } as const;

beforeAll(async () => {
  const day = (back: number) => new Date(Date.now() - back * DAY).toISOString();
  const visits = Object.entries(CHANNELS).flatMap(([channel, [before, lately]]) => [
    ...Array.from({ length: before }, () => ({ channel, keen: { timestamp: day(10) } })),
    ...Array.from({ length: lately }, () => ({ channel, keen: { timestamp: day(3) } })),
  ]);
  const clicks = Array.from({ length: 3_000 }, (_, i) => ({ button: `button ${i} of a long list of buttons` }));
  const { status } = await request(server.demo, inProject(server.demo, "/events"), {
    key: server.demo.writeKey,
    body: { visits, clicks },
  });
  expect(status).toBe(200);
  await settled(server.demo);
});

describe("an assistant", () => {
  test("finds the tools, none of which changes anything", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "list_collections",
      "describe_collection",
      "query",
      "compare",
      "funnel",
      "retention",
      "paths",
      "ledger",
    ]);
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(tool.description).toMatch(/\.$/);
    }
    expect(client.getInstructions()).toContain("Begin with list_collections");
    await client.close();
  });

  test("learns which channel grew most last week, by tool calls alone", async () => {
    const client = await connect();
    const collections = await ask<{ name: string }[]>(client, "list_collections");
    expect(collections.map(({ name }) => name)).toEqual(["clicks", "visits"]);
    const properties = await ask<{ name: string; type: string }[]>(client, "describe_collection", {
      event_collection: "visits",
      containing: "chan",
    });
    expect(properties).toContainEqual({ name: "channel", type: "string" });

    const { result } = await ask<{
      result: { asked: { channel: string; result: number }; compared: { channel: string; result: number } }[];
    }>(client, "compare", {
      analysis: "count",
      event_collection: "visits",
      timeframe: "previous_7_days",
      group_by: "channel",
    });
    const grown = result
      .map(({ asked, compared }) => ({ channel: asked.channel, by: asked.result - compared.result }))
      .toSorted((a, b) => b.by - a.by);
    expect(grown).toEqual([
      { channel: "Email", by: 16 },
      { channel: "Direct", by: 3 },
      { channel: "Referral", by: -7 },
    ]);
    await client.close();
  });

  test("reads what was wrong with a question, and may ask rightly", async () => {
    const client = await connect();
    const wrong = { analysis: "count", event_collection: "visits", timeframe: "today", grup_by: "channel" };
    expect(await call(client, "query", wrong)).toEqual({
      isError: true,
      content: [{ type: "text", text: expect.stringContaining('Did you mean "group_by"?') as string }],
    });
    const nowhere = await call(client, "query", { ...wrong, grup_by: undefined, event_collection: "nothing" });
    expect(nowhere.content[0]?.text).toMatch(/^ResourceNotFoundError: .*no such event collection/);
    expect(await call(client, "query", { analysis: "guess" })).toMatchObject({ isError: true });
    await client.close();
  });

  test("is shown the first rows of a long answer, and how to see the others", async () => {
    const client = await connect();
    const { content } = await call(client, "query", {
      analysis: "count",
      event_collection: "clicks",
      timeframe: "this_2_days",
      group_by: "button",
    });
    expect(content[0]?.text?.length).toBeLessThan(20_001);
    expect(content[1]?.text).toMatch(/^Only the first \d+ of 3000 rows are shown\. Ask again with a smaller limit/);
    await client.close();
  });

  test("asks what became of every event", async () => {
    const client = await connect();
    const { result } = await ask<{ result: { accepted: number; stored: number }[] }>(client, "ledger", {
      timeframe: "this_2_days",
    });
    const sum = (of: "accepted" | "stored") => result.reduce((total, hour) => total + hour[of], 0);
    expect([sum("accepted"), sum("stored")]).toEqual([3_098, 3_098]);
    await client.close();
  });
});

describe("the wall", () => {
  const post = (headers: Record<string, string>, body = "{}") =>
    fetch(new URL("/mcp", server.demo.url), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
      body,
    });

  test("without a key, with a wrong one, with one that may not read: 401, and how to ask", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer nothing" },
      { authorization: "Basic YTpi" },
      { authorization: `Bearer ${server.demo.writeKey}` },
    ] as Record<string, string>[]) {
      const response = await post(headers);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="millrace"');
      expect(await response.json()).toMatchObject({ error_code: "InvalidApiKeyError" });
    }
  });

  test("a key of another project sees that project", async () => {
    const client = await connect(other.readKey);
    expect(await ask(client, "list_collections")).toEqual([]);
    const asked = await call(client, "query", { analysis: "count", event_collection: "visits", timeframe: "today" });
    expect(asked).toMatchObject({ isError: true });
    await client.close();
  });

  test("garbage is answered with 4xx and kept out", async () => {
    const authorization = `Bearer ${server.demo.readKey}`;
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    for (const body of ["", "{", "null", "[]", deep, '{"jsonrpc":"2.0","id":1,"method":"no/such"}', "\u0000"]) {
      const response = await post({ authorization }, body);
      expect(response.status, body.slice(0, 40)).toBeLessThan(500);
      expect(await response.text()).not.toMatch(/\bat .*\(|node_modules|\.ts:\d/);
    }
    expect((await post({ authorization }, `"${"x".repeat(300_000)}"`)).status).toBe(413);
    expect((await fetch(new URL("/mcp", server.demo.url), { headers: { authorization } })).status).toBe(405);
  });
});
