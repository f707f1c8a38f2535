// `npm run proxies -- PROJECT [RANGE…] [--secret]`: which proxies in front of its tracker a project of this machine trusts. On AWS the
// admin function does it.
import { PROXY_SECRET_HEADER, systemRandom, trustProxies } from "@millrace/access";
import { mistake, readCommand } from "./command.ts";
import { FOLDER_USAGE, withProjects } from "./projects.ts";

const USAGE = `npm run proxies -- PROJECT [RANGE ...] [--secret]

  PROJECT    the project's id
  RANGE      an address or a range (203.0.113.0/24): these replace the list; none trusts no address
  --secret   makes a new secret, for a proxy without a fixed address; without it there is none from now on

${FOLDER_USAGE}`;

const { project, addresses, options } = readCommand(
  USAGE,
  { options: { secret: { type: "boolean" } }, allowPositionals: true },
  ({ values, positionals: [id, ...ranges] }) => ({
    project: id ?? mistake("Say which project."),
    addresses: ranges,
    options: values,
  }),
);
await withProjects(async (projects) => {
  const { secret } = await trustProxies(projects, systemRandom, { project, addresses, ...options });
  console.log(`Trusted by ${project}: ${addresses.join(", ") || "no address"}.`);
  if (secret !== undefined) console.log(`And whoever sends ${PROXY_SECRET_HEADER}: ${secret}`);
});
