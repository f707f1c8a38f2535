import { readFile, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inProject, request } from "./client.ts";
import { ask, freePort, runStart, settled, startServer, temporaryFolder } from "./harness.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test("demo.json holds what the terminal printed, is its owner's only, and stays the same after a restart", async () => {
  const port = await freePort();
  let server = await startServer(folder.path, port);
  const { demo } = server;
  const { mode, ino } = await stat(join(folder.path, "demo.json"));
  expect(mode & 0o777).toBe(0o600);
  expect(Object.keys(demo).sort()).toEqual(["masterKey", "project", "readKey", "url", "writeKey"]);
  expect(server.output()).toContain("Places: geo-whois-asn-country.mmdb.");
  for (const value of [demo.url, demo.project, demo.writeKey, demo.readKey]) expect(server.output()).toContain(value);
  // Terminals are recorded and shared; this key could change the past.
  expect(server.output()).not.toContain(demo.masterKey);
  expect(await server.stop()).toBe(0);
  server = await startServer(folder.path, port);
  expect(server.demo).toEqual(demo);
  const after = await stat(join(folder.path, "demo.json"));
  // Not written again: on a full disk it could not be, and nothing would start.
  expect([after.mode & 0o777, after.ino]).toEqual([0o600, ino]);
  expect(await server.stop()).toBe(0);
});

test("what is no HTTP, and whose project nobody knows, is turned away: counted beside every project's balance", async () => {
  const port = await freePort();
  const server = await startServer(folder.path, port);
  const answerTo = async (text: string) => {
    const socket = connect(port, "127.0.0.1");
    socket.end(text);
    const chunks = await Array.fromAsync(socket as AsyncIterable<Buffer>);
    return Buffer.concat(chunks).toString().split("\r\n")[0];
  };
  expect(await answerTo("hello\r\n\r\n")).toBe("HTTP/1.1 400 Bad Request");
  expect(await answerTo(`GET / HTTP/1.1\r\nx: ${"x".repeat(40_000)}\r\n\r\n`)).toMatch("HTTP/1.1 431");
  // Opened ahead of need, as browsers do: nobody asked anything.
  expect(await answerTo("")).toBe("");
  const unknown = `${server.demo.url}/3.0/projects/000000000000000000000000/events/a`;
  const headers = { authorization: server.demo.writeKey };
  expect((await fetch(unknown, { method: "POST", headers, body: "{}" })).status).toBe(404);
  const ledger = await fetch(`${server.demo.url}/3.0/projects/${server.demo.project}/ledger`, {
    headers: { authorization: server.demo.readKey },
  });
  const { turned_away: away, balanced } = (await ledger.json()) as {
    turned_away: Record<string, number>[];
    balanced: boolean;
  };
  const sum = (reason: string) => away.reduce((all, hour) => all + (hour[reason] ?? 0), 0);
  expect([sum("malformed"), sum("unknown_project"), balanced]).toEqual([2, 1, true]);
  expect(await server.stop()).toBe(0);
});

test("the curl that the terminal prints records an event", async () => {
  const server = await startServer(folder.path, await freePort());
  const [, url, key, body] = /curl (\S+) -H 'Authorization: (\w+)' -d '(.*)'/.exec(server.output()) ?? [];
  const answer = await fetch(String(url), {
    method: "POST",
    headers: { authorization: String(key) },
    body: String(body),
  });
  expect([answer.status, await answer.json()]).toEqual([201, { created: true }]);
  await settled(server.demo);
  expect(await ask(server.demo, "count", { event_collection: "signups" })).toBe(1);
  expect(await server.stop()).toBe(0);
});

test("a second start on the same data, and one on a port in use, end with a message that says what to do; the first goes on", async () => {
  const other = await temporaryFolder();
  const port = await freePort();
  const server = await startServer(folder.path, port);
  const sameData = await runStart({ MILLRACE_DATA: folder.path, PORT: "0" });
  expect(sameData.code).toBe(1);
  expect(sameData.output).toContain(`Another Millrace is running on the data in ${folder.path}. Stop it first`);
  const samePort = await runStart({ MILLRACE_DATA: other.path, PORT: String(port) });
  expect(samePort.code).toBe(1);
  expect(samePort.output).toContain(`Port ${port} is in use.`);
  for (const { output } of [sameData, samePort]) expect(output).not.toMatch(/\n\s+at /);
  const { status } = await request(server.demo, inProject(server.demo, "/events/x"), {
    key: server.demo.writeKey,
    body: {},
  });
  expect(status).toBe(201);
  expect(await server.stop()).toBe(0);
  await other.remove();
});

test.each([
  ["PORT", "eighty"],
  ["PORT", "70000"],
  ["OPENSEARCH_URL", "somewhere"],
])("%s=%s ends with a message that names it", async (name, value) => {
  const { code, output } = await runStart({ MILLRACE_DATA: folder.path, PORT: "0", [name]: value });
  expect(code).toBe(1);
  expect(output).toContain(`${name} is "${value}"`);
  expect(output).not.toMatch(/\n\s+at /);
});

test("a queue file that is no queue is named, and left as it is", async () => {
  const file = join(folder.path, "queue.sqlite");
  const text = "not a database at all, ".repeat(100);
  await writeFile(file, text);
  const { code, output } = await runStart({ MILLRACE_DATA: folder.path, PORT: "0" });
  expect(code).toBe(1);
  expect(output).toContain("queue.sqlite");
  expect(output).not.toMatch(/\n\s+at /);
  expect(await readFile(file, "utf8")).toBe(text);
});

test("a data folder that cannot be made ends at once, in one line that names what is in the way", async () => {
  const file = join(folder.path, "file");
  await writeFile(file, "");
  const inTheWay = await runStart({ MILLRACE_DATA: join(file, "data"), PORT: "0" });
  expect(inTheWay.code).toBe(1);
  expect(inTheWay.output).toContain(`${file} is a file, not a folder.`);
  if (process.platform !== "linux") return;
  // A folder that takes no folders: Node's own recursive mkdir would try for ever.
  const closed = await runStart({ MILLRACE_DATA: "/proc/nope/data", PORT: "0" });
  expect(closed.code).toBe(1);
  expect(closed.output).toContain("/proc/nope cannot be made");
});
