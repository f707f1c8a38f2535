import { userInfo } from "node:os";
import type { AdminCommand } from "../../packages/functions/src/admin/commands.ts";
import { mistake, numberOf } from "../command.ts";
import { addressesOf, botsOf, isoTime, kindOf, quotaWordOf, roleOf } from "./values.ts";

export const USAGE = `npm run admin -- COMMAND [--stage S] [--json]

  create-project NAME [--timezone ZONE]        a project and its three keys, shown this once
  projects                                     all of them
  change PROJECT [--name NAME] [--timezone ZONE] [--origin URL ...] [--any-origin] [--redirect-host HOST ...] [--no-redirect]
         [--requests-per-second N | --no-throttle] [--engine-seconds N | --engine-as-any] [--addresses whole|cut]
         [--events-per-month N | --any-events] [--beyond-quota refuse|record]
         [--ignore-bots REASON ...] [--also-bots FIELD=VALUE[,FIELD=VALUE] ...] [--bots-as-labelled]
  archive PROJECT | restore PROJECT            ends recording; what is stored can still be asked about
  proxies PROJECT [RANGE ...] [--secret]       which proxies in front of its tracker it trusts; replaces the list
  keys PROJECT                                 the active ones, without their texts
  keys rotate PROJECT write|read|master        a new one beside the one in use, shown this once
  keys revoke PROJECT KEY                      ends one, everywhere within a minute
  organisation-keys [create NAME | revoke KEY] keys of programs that make projects
  people                                       who may sign in, and who is invited
  people invite EMAIL --role ROLE [--project PROJECT]   prints a link; the first owner: --role owner
  people role EMAIL ROLE|none [--project PROJECT]       viewer, analyst, operator or owner
  people remove EMAIL                          with all their sessions
  people second-factor-off EMAIL               for whoever lost their phone
  sessions EMAIL | sessions revoke EMAIL SESSION
  audit [--project PROJECT] [--who TEXT] [--what TEXT] [--from TIME] [--to TIME] [--limit N]

  --project        where a role holds; without it in every project
  --origin         pages of this origin may record, others not; these replace the list
  --redirect-host  a host that recording links (redirect=) may lead to; these replace the list
  --requests-per-second   requests that may record, over ten seconds; more are answered 429 with Retry-After
  --addresses      what \${keen.ip} gives: whole addresses, as Keen's did, or cut ones (the default)
  --engine-seconds  of the engine's time a minute for the project's questions; more are answered 429 with Retry-After
  --events-per-month  that may be recorded in a calendar month (UTC); health warns at 80 %
  --beyond-quota   what becomes of more: answered 429 with Retry-After (the default), or recorded all the same
  --ignore-bots    a reason of $bot.reasons that makes nobody a bot here
  --also-bots      events with these values are bots' too. These two replace what the project said of bots, for all of history at once
  --stage          a stage on AWS, by invoking its admin function; without it this machine
  --url            begins the links that are printed; without it the address of this machine's server
  --json           the whole answer, for scripts

  MILLRACE_DATA    data folder with the registry, default .millrace; a running server notices within a minute`;

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;
const SWITCH = { type: "boolean" } as const;

const OPTIONS = {
  stage: TEXT,
  url: TEXT,
  json: SWITCH,
  project: TEXT,
  role: TEXT,
  name: TEXT,
  timezone: TEXT,
  origin: TEXTS,
  "any-origin": SWITCH,
  "redirect-host": TEXTS,
  "no-redirect": SWITCH,
  addresses: TEXT,
  "requests-per-second": TEXT,
  "no-throttle": SWITCH,
  "engine-seconds": TEXT,
  "engine-as-any": SWITCH,
  "events-per-month": TEXT,
  "any-events": SWITCH,
  "beyond-quota": TEXT,
  "ignore-bots": TEXTS,
  "also-bots": TEXTS,
  "bots-as-labelled": SWITCH,
  secret: SWITCH,
  who: TEXT,
  what: TEXT,
  from: TEXT,
  to: TEXT,
  limit: TEXT,
} as const;

type Values = {
  readonly [Name in keyof typeof OPTIONS]?: (typeof OPTIONS)[Name] extends { multiple: true }
    ? string[]
    : (typeof OPTIONS)[Name] extends { type: "boolean" }
      ? boolean
      : string;
};

/** What the words of one command mean, beside its options. */
interface Meaning {
  /** Those that it takes; another is a mistake. */
  readonly options: readonly (keyof Values)[];
  readonly command: (words: readonly string[], values: Values) => AdminCommand;
}

const COMMANDS: Readonly<Record<string, Meaning>> = {
  "create-project": {
    options: ["timezone"],
    command: ([name, ...more], { timezone }) => ({
      action: "create-project",
      name: only(name, more, "the name of the project"),
      ...given({ timezone }),
    }),
  },
  projects: { options: [], command: (words) => nothing(words, { action: "list-projects" }) },
  change: {
    options: [
      "name",
      "timezone",
      "origin",
      "any-origin",
      "redirect-host",
      "no-redirect",
      "addresses",
      "requests-per-second",
      "no-throttle",
      "engine-seconds",
      "engine-as-any",
      "events-per-month",
      "any-events",
      "beyond-quota",
      "ignore-bots",
      "also-bots",
      "bots-as-labelled",
    ],
    command: ([project, ...more], values) => ({
      action: "change-project",
      project: only(project, more, "which project"),
      ...given({
        name: values.name,
        timezone: values.timezone,
        origins: values["any-origin"] ? [] : values.origin,
        redirectHosts: values["no-redirect"] ? [] : values["redirect-host"],
        addresses: addressesOf(values.addresses),
        requestsPerSecond: values["no-throttle"] ? null : limitOf("requests-per-second", values["requests-per-second"]),
        engineSecondsPerMinute: values["engine-as-any"] ? null : limitOf("engine-seconds", values["engine-seconds"]),
        eventsPerMonth: values["any-events"] ? null : limitOf("events-per-month", values["events-per-month"]),
        beyondQuota: quotaWordOf(values["beyond-quota"]),
        bots: values["bots-as-labelled"] ? {} : botsOf(values["ignore-bots"], values["also-bots"]),
      }),
    }),
  },
  archive: { options: [], command: archiving(true) },
  restore: { options: [], command: archiving(false) },
  proxies: {
    options: ["secret"],
    command: ([project, ...addresses], { secret }) => ({
      action: "trust-proxies",
      project: project ?? mistake("Say which project."),
      addresses,
      ...given({ secret }),
    }),
  },
  keys: {
    options: [],
    command: ([project, ...more]) => ({ action: "list-keys", project: only(project, more, "which project") }),
  },
  "keys rotate": {
    options: [],
    command: ([project, kind, ...more]) => ({
      action: "create-key",
      project: project ?? mistake("Say which project."),
      kind: kindOf(only(kind, more, "which kind of key")),
    }),
  },
  "keys revoke": {
    options: [],
    command: ([project, key, ...more]) => ({
      action: "revoke-key",
      project: project ?? mistake("Say which project."),
      key: only(key, more, "which key, by its id"),
    }),
  },
  "organisation-keys": { options: [], command: (words) => nothing(words, { action: "list-organisation-keys" }) },
  "organisation-keys create": {
    options: [],
    command: ([name, ...more]) => ({ action: "create-organisation-key", name: only(name, more, "what it is for") }),
  },
  "organisation-keys revoke": {
    options: [],
    command: ([key, ...more]) => ({ action: "revoke-organisation-key", key: only(key, more, "which key, by its id") }),
  },
  people: { options: [], command: (words) => nothing(words, { action: "list-people" }) },
  "people invite": {
    options: ["role", "project"],
    command: ([email, ...more], { role, project }) => ({
      action: "invite",
      email: only(email, more, "whose address"),
      role: roleOf(role ?? mistake("Say the --role.")),
      ...given({ project }),
    }),
  },
  "people role": {
    options: ["project"],
    command: ([email, role, ...more], { project }) => {
      const word = only(role, more, "the role, or none");
      return {
        action: "set-role",
        email: email ?? mistake("Say whose address."),
        role: word === "none" ? null : roleOf(word),
        ...given({ project }),
      };
    },
  },
  "people remove": {
    options: [],
    command: ([email, ...more]) => ({ action: "remove-person", email: only(email, more, "whose address") }),
  },
  "people second-factor-off": {
    options: [],
    command: ([email, ...more]) => ({ action: "remove-second-factor", email: only(email, more, "whose address") }),
  },
  sessions: {
    options: [],
    command: ([email, ...more]) => ({ action: "list-sessions", email: only(email, more, "whose address") }),
  },
  "sessions revoke": {
    options: [],
    command: ([email, session, ...more]) => ({
      action: "revoke-session",
      email: email ?? mistake("Say whose address."),
      session: only(session, more, "which session, by its id"),
    }),
  },
  audit: {
    options: ["project", "who", "what", "from", "to", "limit"],
    command: (words, { project, who, what, from, to, limit }) =>
      nothing(words, {
        action: "search-audit",
        ...given({ project, who, what, from: isoTime("from", from), to: isoTime("to", to) }),
        ...(limit !== undefined && { limit: numberOf("limit", limit, { least: 1, whole: true }) }),
      }),
  },
};

/** What stands behind `npm run admin --`. */
interface Admin {
  readonly command: AdminCommand & { readonly by: string };
  readonly stage: string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

export const readAdmin = {
  config: { options: OPTIONS },
  read({ values, positionals }: { readonly values: Values; readonly positionals: readonly string[] }): Admin {
    const [first = mistake("Say what to do."), second = "", ...rest] = positionals;
    const pair = `${first} ${second}`;
    const name = Object.hasOwn(COMMANDS, pair) ? pair : first;
    const meaning = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!meaning) return mistake(`There is no command "${first}".`);
    const { stage, url, json = false, ...others } = values;
    const stranger = Object.keys(others).find((option) => !meaning.options.includes(option as keyof Values));
    if (stranger !== undefined) mistake(`--${stranger} means nothing to ${name}.`);
    const words = name === pair ? rest : positionals.slice(1);
    return { command: { ...meaning.command(words, values), by: userInfo().username }, stage, url, json };
  },
};

function limitOf(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : numberOf(option, text);
}

function archiving(archived: boolean): Meaning["command"] {
  return ([project, ...more]) => ({
    action: "archive-project",
    project: only(project, more, "which project"),
    archived,
  });
}

function only(word: string | undefined, more: readonly string[], what: string): string {
  if (more.length > 0) mistake(`"${more[0]}" is one word too many.`);
  return word ?? mistake(`Say ${what}.`);
}

function nothing<T>(words: readonly string[], meant: T): T {
  if (words.length > 0) mistake(`"${words[0]}" is one word too many.`);
  return meant;
}

/** Without what is undefined: a command says only what it says. */
function given<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
