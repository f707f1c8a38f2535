// `npm run audit`: known holes, high and critical, in what ships, as the registry knows them. Exit code 3 when it was not told: a mirror, or
// no network. That is no proof either way, and is said as such.
import { spawnSync } from "node:child_process";

interface Report {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
}

const NOT_RUN = 3;
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  encoding: "utf8",
  shell: process.platform === "win32",
});
const { vulnerabilities } = JSON.parse(stdout === "" ? "{}" : stdout) as Report;
if (vulnerabilities === undefined) {
  console.log("Not run: the registry does not say what is vulnerable.");
  process.exit(NOT_RUN);
}
const serious = Object.entries(vulnerabilities).filter(([, { severity }]) => /^(high|critical)$/.test(severity));
for (const [name, { severity, range }] of serious) console.error(`${severity}: ${name} ${range}`);
console.log(`${serious.length} known holes, high or critical, in what ships.`);
if (serious.length > 0) process.exit(1);
