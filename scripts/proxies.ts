// `npm run proxies -- PROJECT [RANGE…] [--secret]`: which proxies in front of its tracker a project of this machine trusts. On AWS the
// admin function does it.
import {
  createAccess,
  createSqliteRegistry,
  PROXY_SECRET_HEADER,
  systemClock,
  systemRandom,
  trustProxies,
} from "@millrace/access";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mistake, readCommand } from "./command.ts";

const USAGE = `npm run proxies -- PROJECT [RANGE ...] [--secret]

  PROJECT    the project's id
  RANGE      an address or a range (203.0.113.0/24): these replace the list; none trusts no address
  --secret   makes a new secret, for a proxy without a fixed address; without it there is none from now on

  MILLRACE_DATA   data folder with the registry, default .millrace; a running server notices within a minute`;

const file = join(process.env["MILLRACE_DATA"] ?? ".millrace", "registry.sqlite");
const { project, addresses, options } = readCommand(
  USAGE,
  { options: { secret: { type: "boolean" } }, allowPositionals: true },
  ({ values, positionals: [id, ...ranges] }) => ({
    project: id ?? mistake("Say which project."),
    addresses: ranges,
    options: values,
  }),
);
try {
  // Opening would make an empty one, and no project would be in it.
  if (!existsSync(file)) throw new Error(`There is no ${file}. MILLRACE_DATA names the folder.`);
  const registry = createSqliteRegistry({ path: file, clock: systemClock });
  try {
    const { projects } = createAccess({ registry, clock: systemClock, random: systemRandom });
    const { secret } = await trustProxies(projects, systemRandom, { project, addresses, ...options });
    console.log(`Trusted by ${project}: ${addresses.join(", ") || "no address"}.`);
    if (secret !== undefined) console.log(`And whoever sends ${PROXY_SECRET_HEADER}: ${secret}`);
  } finally {
    await registry.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
