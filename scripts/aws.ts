// `npm run aws -- COMMAND`: SST's command under this repository's Node 24. Under `sst dev` it starts functions with the `node` it
// finds in the path; an older one than Lambda's lacks what they use, and each request would be a 500.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { withNodeFirst } from "./aws/path.ts";

const sst = join(import.meta.dirname, "../node_modules/sst/bin/sst.mjs");
const child = spawn(process.execPath, [sst, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: withNodeFirst(process.env, process.execPath),
});
// A terminal's Ctrl-C reaches SST as well; it decides when it is done.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
