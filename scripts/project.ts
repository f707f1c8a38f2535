// `npm run project -- PROJECT …`: the settings of a project of this machine. On AWS the admin function changes them.
import { changeSettings } from "@millrace/access";
import { mistake, readCommand } from "./command.ts";
import { FOLDER_USAGE, withProjects } from "./projects.ts";

const USAGE = `npm run project -- PROJECT [--redirect-host HOST ...] [--no-redirect] [--addresses whole|cut]

  PROJECT              the project's id
  --redirect-host HOST a host that recording links (redirect=) may lead to; these replace the list
  --no-redirect        empties the list
  --addresses          what \${keen.ip} gives: whole addresses, as Keen's did, or cut ones (the default)

${FOLDER_USAGE}`;

const settings = readCommand(
  USAGE,
  {
    options: {
      "redirect-host": { type: "string", multiple: true },
      "no-redirect": { type: "boolean" },
      addresses: { type: "string" },
    },
    allowPositionals: true,
  },
  ({ values, positionals: [project, ...more] }) => {
    if (more.length > 0) mistake(`"${more[0]}" is one word too many.`);
    const redirectHosts = values["no-redirect"] ? [] : values["redirect-host"];
    return {
      project: project ?? mistake("Say which project."),
      redirectHosts,
      addresses: addressesOf(values.addresses),
    };
  },
);

function addressesOf(text: string | undefined): "whole" | "cut" | undefined {
  if (text === undefined || text === "whole" || text === "cut") return text;
  return mistake(`--addresses is "${text}"; it can be whole or cut.`);
}

await withProjects(async (projects) => {
  const { name, redirectHosts, wholeAddresses } = await changeSettings(projects, settings);
  console.log(`${name} (${settings.project})`);
  console.log(`  redirect=      ${redirectHosts.join(", ") || "no host"}`);
  console.log(`  \${keen.ip}     ${wholeAddresses ? "whole" : "cut"} addresses`);
});
