// `npm run project -- PROJECT …`: the settings of a project of this machine. On AWS the admin function changes them.
import { changeSettings, type BotSettings } from "@millrace/access";
import { mistake, readCommand } from "./command.ts";
import { FOLDER_USAGE, withProjects } from "./projects.ts";

const USAGE = `npm run project -- PROJECT [--redirect-host HOST ...] [--no-redirect] [--addresses whole|cut]
                       [--ignore-bots REASON ...] [--also-bots FIELD=VALUE[,FIELD=VALUE] ...] [--bots-as-labelled]

  PROJECT              the project's id
  --redirect-host HOST a host that recording links (redirect=) may lead to; these replace the list
  --no-redirect        empties the list
  --addresses          what \${keen.ip} gives: whole addresses, as Keen's did, or cut ones (the default)
  --ignore-bots REASON a reason of $bot.reasons that makes nobody a bot here
  --also-bots RULE     events with these values are bots' too: a monitor of your own, the office. VALUE is a text; numbers, true and
                       false are what they look like. These two replace what the project said of bots, for all of history at once
  --bots-as-labelled   forgets it

${FOLDER_USAGE}`;

const settings = readCommand(
  USAGE,
  {
    options: {
      "redirect-host": { type: "string", multiple: true },
      "no-redirect": { type: "boolean" },
      addresses: { type: "string" },
      "ignore-bots": { type: "string", multiple: true },
      "also-bots": { type: "string", multiple: true },
      "bots-as-labelled": { type: "boolean" },
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
      bots: values["bots-as-labelled"] ? {} : botsOf(values["ignore-bots"], values["also-bots"]),
    };
  },
);

function addressesOf(text: string | undefined): "whole" | "cut" | undefined {
  if (text === undefined || text === "whole" || text === "cut") return text;
  return mistake(`--addresses is "${text}"; it can be whole or cut.`);
}

function botsOf(ignore: string[] | undefined, also: string[] | undefined): BotSettings | undefined {
  if (!ignore && !also) return undefined;
  return { ignore: ignore ?? [], also: (also ?? []).map(ruleOf) };
}

function ruleOf(text: string): Record<string, string | number | boolean> {
  const pairs = text.split(",").map((pair) => {
    const [, field, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (field === undefined || value === undefined) return mistake(`--also-bots "${text}" is not FIELD=VALUE.`);
    return [
      field.trim(),
      /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value) ? (JSON.parse(value) as number | boolean) : value,
    ];
  });
  return Object.fromEntries(pairs) as Record<string, string | number | boolean>;
}

await withProjects(async (projects) => {
  const { name, redirectHosts, wholeAddresses, bots } = await changeSettings(projects, settings);
  console.log(`${name} (${settings.project})`);
  console.log(`  redirect=      ${redirectHosts.join(", ") || "no host"}`);
  console.log(`  \${keen.ip}     ${wholeAddresses ? "whole" : "cut"} addresses`);
  console.log(`  bots           ${bots ? JSON.stringify(bots) : "as labelled"}`);
});
