// Stands in for the `docker` command in tests, where no engine runs. It shows what WE do around the command: which calls, in which
// order, and what follows from each answer. It does not prove that the image starts with our settings, that a bind mount can be
// written to, or that the real command takes these arguments: for that, run `npm run opensearch` where Docker runs.
// FAKE_DOCKER is `no-daemon`, `no-compose`, `no-image` (the download fails), `no-answer` (the container never gets ready) or
// `works`; FAKE_DOCKER_STATE is a folder that holds `calls`, `image` and the "container's" process id.
const { spawn } = require("node:child_process");
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const mode = process.env.FAKE_DOCKER;
const state = process.env.FAKE_DOCKER_STATE;
const args = process.argv.slice(2);
const call = args.join(" ");
const record = (line) => appendFileSync(path.join(state, "calls"), `${line}\n`);
record(call);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    record(`client got ${signal}`);
    process.exit(130);
  });
}

const container = path.join(state, "container");
const containerPid = () => (existsSync(container) ? Number(readFileSync(container, "utf8")) : 0);
function isRunning() {
  try {
    return containerPid() > 0 && process.kill(containerPid(), 0);
  } catch {
    return false;
  }
}

if (call === "--version") console.log("Docker version 29.0.0, build 0");
else if (mode === "no-daemon") fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.");
else if (call === "info") console.log("Server Version: 29.0.0");
else if (call === "compose version") {
  if (mode === "no-compose") fail("docker: unknown command: docker compose");
} else if (call.startsWith("image inspect ")) {
  if (!existsSync(path.join(state, "image"))) fail("Error response from daemon: No such image");
} else if (call.startsWith("pull ")) {
  if (mode === "no-image") fail("Error response from daemon: Get registry: no such host");
  writeFileSync(path.join(state, "image"), "");
  console.log("Pulling: 100 %");
} else if (call.startsWith("compose ps ")) {
  if (isRunning()) console.log("0123456789abcdef0123456789abcdef");
} else if (call.startsWith("compose up ")) up();
else if (/^compose (stop|kill) /.test(call)) {
  if (isRunning()) process.kill(containerPid(), "SIGKILL");
  rmSync(container, { force: true });
} else fail(`fake docker knows no "${call}"`);

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** The container outlives its client, as the engine's do; the client attached to it ends when it does. */
function up() {
  record(`data ${process.env.OPENSEARCH_DATA ?? "volume"}`);
  const status = mode === "no-answer" ? 503 : 200;
  const program = `require("node:http").createServer((_, out) => out.writeHead(${status}).end()).listen(${process.env.OPENSEARCH_PORT}, "127.0.0.1")`;
  const child = spawn(process.execPath, ["-e", program], { detached: true, stdio: "ignore" });
  child.unref();
  writeFileSync(container, String(child.pid));
  console.log("opensearch-1  | starting");
  setInterval(() => {
    if (!isRunning()) process.exit(0);
  }, 50);
}
