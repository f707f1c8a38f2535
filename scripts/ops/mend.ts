import type { OpsOutcome, OpsQueue } from "@millrace/client";
import { MEND_COMMANDS, type MendCommand, type MendName } from "@millrace/ops";
import { userInfo } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { AdminAnswer, AdminCommand } from "../../packages/functions/src/admin/commands.ts";
import { runHere } from "../admin/here.ts";
import { show } from "../admin/show.ts";
import { mistake, numberOf, readCommand } from "../command.ts";
import { installation, send } from "./ask.ts";
import { openAwsStage, type Stage } from "./aws.ts";
import { redriveLetters } from "./redrive.ts";

const ENTRIES = Object.entries(MEND_COMMANDS) as [MendName, MendCommand][];
const WIDTH = 32;

/** A command in the usage: what is typed, and what it does. */
function usageOf({ typed, takes, does, onAwsAlone }: MendCommand): string {
  const given = Object.entries(takes).map(([name, { as, stand, required }]) => {
    const text = as === "word" ? stand : `--${name} ${stand}`;
    return required ? text : `[${text}]`;
  });
  const line = [typed, ...given].join(" ");
  const said = `${does}${onAwsAlone ? " On AWS." : ""}`;
  return line.length < WIDTH ? `${line.padEnd(WIDTH)}${said}` : `${line}\n${" ".repeat(13 + WIDTH)}${said}`;
}

export const MEND_USAGE = `npm run ops -- ${ENTRIES.map(([, command]) => usageOf(command)).join("\n             ")}

Each says what it would do, and does it with --yes. Each is safe to repeat, and stands in the audit log (npm run admin -- audit).
  --stage STAGE             a stage on AWS, with your own rights there; without it the server of MILLRACE_DATA, which must run for
                            drain, redrive and erase`;

const TEXT = { type: "string" } as const;
const LOOK_MS = 1_000;

interface Asked {
  readonly words: readonly string[];
  readonly project?: string | undefined;
  readonly visitor?: string | undefined;
  readonly collection?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly yes: boolean;
}

/** What a command needs of where it runs. */
interface Place {
  readonly admin: (command: AdminCommand) => Promise<AdminAnswer>;
  /** Absent: this machine. */
  readonly stage?: Stage;
}

/** Rejected events have commands of their own (rejected.ts), of which their replay is one. */
type Typed = Exclude<MendName, "replay-rejected">;

const COMMANDS: Readonly<Record<Typed, (place: Place, asked: Asked) => Promise<void>>> = {
  throttle,
  pause: (place, asked) => setCollecting(place, asked, "paused"),
  resume: (place, asked) => setCollecting(place, asked, "resumed"),
  drain,
  redrive,
  replay,
  migrate,
  erase,
};

export const MEND_WORDS = Object.keys(COMMANDS);

/** Puts something right. @throws Error for people */
export async function mend(): Promise<void> {
  const {
    command,
    stage: name,
    asked,
  } = readCommand(
    MEND_USAGE,
    {
      options: {
        project: TEXT,
        visitor: TEXT,
        collection: TEXT,
        from: TEXT,
        to: TEXT,
        stage: TEXT,
        yes: { type: "boolean" },
      },
      allowPositionals: true,
    },
    ({ values: { stage: of, yes = false, ...which }, positionals: [first = "", ...words] }) => {
      if (!Object.hasOwn(COMMANDS, first)) mistake(`There is no command "${first}".`);
      const takes: MendCommand["takes"] = MEND_COMMANDS[first as Typed].takes;
      const expected = Object.values(takes).filter(({ as }) => as === "word").length;
      if (words.length !== expected) mistake(`${first} takes ${expected} words, not ${words.length}.`);
      const stranger = Object.keys(which).find((name) => takes[name]?.as !== "option");
      if (stranger !== undefined) mistake(`--${stranger} means nothing to ${first}.`);
      return { command: COMMANDS[first as Typed], stage: of, asked: { ...which, words, yes } };
    },
  );
  const by = { by: userInfo().username };
  if (name === undefined) return command({ admin: (given) => runHere({ ...given, ...by }) }, asked);
  const stage = openAwsStage(name);
  try {
    await command({ admin: (given) => stage.invoke("admin", { ...given, ...by }), stage }, asked);
  } finally {
    stage.close();
  }
}

const ANY = "as many requests as come";

async function throttle({ admin }: Place, { words: [project = "", rate = ""], yes }: Asked): Promise<void> {
  const requestsPerSecond = rate === "off" ? null : numberOf("throttle", rate);
  const said = requestsPerSecond === null ? ANY : `${requestsPerSecond} requests a second`;
  if (!yes) {
    const answer = await admin({ action: "list-projects" });
    const known = "projects" in answer ? answer.projects.find(({ id }) => id === project) : undefined;
    if (!known) throw new Error(`There is no project ${project}.`);
    const { requestsPerSecond: now } = known;
    return dry(`${known.name} records ${now === undefined ? ANY : `${now} requests a second`}; it would be ${said}.`);
  }
  console.log(show(await admin({ action: "change-project", project, requestsPerSecond }), undefined));
  console.log("Everywhere within a minute.");
}

async function setCollecting({ admin, stage }: Place, { yes }: Asked, set: "paused" | "resumed"): Promise<void> {
  const what = set === "paused" ? "Nothing would be collected any more." : "Events would be collected again.";
  if (!yes) return dry(`${show(await admin({ action: "collecting" }), undefined)} ${what}`);
  if (stage) console.log(`The queue's mapping was ${(await stage.feed(set === "resumed")).was}.`);
  console.log(show(await admin({ action: "collecting", set }), undefined));
}

type Waiting = Pick<OpsQueue, "visible" | "in_flight" | "dead">;

async function drain({ stage }: Place): Promise<void> {
  const look = await lookerAt(stage);
  for (let last = ""; ; await wait(LOOK_MS)) {
    const { visible, in_flight: inFlight, dead } = await look();
    const line = `${visible} wait, ${inFlight} are being collected, ${dead} are dead.`;
    if (line !== last) console.log(line);
    last = line;
    if (visible + inFlight === 0) return;
  }
}

async function lookerAt(stage: Stage | undefined): Promise<() => Promise<Waiting>> {
  if (!stage) {
    const target = await installation(undefined);
    return () => send(target, "GET", "/ops/queue");
  }
  const { events } = await stage.queues();
  return async () => {
    const { visible, inFlight, dead } = await events.stats();
    return { visible, in_flight: inFlight, dead };
  };
}

async function redrive({ stage, admin }: Place, { project, yes }: Asked): Promise<void> {
  const done = (letters: number) => `${letters} dead ${letters === 1 ? "letter is" : "letters are"} back in the queue.`;
  if (!stage) {
    const letters = await askServer("redrive", { project, do: yes });
    return yes ? console.log(done(letters)) : dry(`${letters} dead letters.`);
  }
  const progress = ({ letters }: { letters: number }) => console.error(`${letters} so far`);
  const { letters, moved } = await redriveLetters(await stage.queues(), { project, move: yes, progress });
  if (!yes) return dry(`${letters} dead letters.`);
  await admin({ action: "note-operation", what: "dead-letters.redrive", project, count: moved });
  console.log(done(moved));
}

interface ArchiveReplay {
  readonly objects: number;
  readonly messages: number;
  readonly after: string;
  readonly done: boolean;
}

async function replay({ stage, admin }: Place, { words: [hour = ""], yes }: Asked): Promise<void> {
  if (!stage)
    throw new Error(
      "There is an archive on AWS alone: name the --stage. Rejected events: npm run ops -- rejected replay.",
    );
  let messages = 0;
  for (let after = ""; ;) {
    const part = await stage.invoke<ArchiveReplay>("replay", { hour, send: yes, ...(after !== "" && { after }) });
    if (!yes) return dry(`${part.objects} objects of the archive.`);
    messages += part.messages;
    after = part.after;
    console.log(`${messages} messages of ${hour} are in the queue again.`);
    if (part.done) break;
  }
  await admin({ action: "note-operation", what: "archive.replay", target: hour, count: messages });
}

interface Migration {
  readonly migrated: readonly { readonly partition: string }[];
  readonly copying?: string;
  readonly done: boolean;
}

async function migrate({ stage, admin }: Place, { yes }: Asked): Promise<void> {
  if (!stage)
    throw new Error("Here it is npm run store -- migrate, with OPENSEARCH_URL. DuckDB migrates when it is opened.");
  if (!yes) {
    const { problems } = await stage.invoke<{ problems: readonly string[] }>("upkeep", { action: "health" });
    return dry(problems.join("\n") || "Nothing is wrong with the store.");
  }
  let count = 0;
  for (;;) {
    const step = await stage.invoke<Migration>("upkeep", { action: "migrate" });
    for (const { partition } of step.migrated) console.log(`${partition} has the mapping of this version.`);
    count += step.migrated.length;
    if (step.done) break;
    console.log(step.copying === undefined ? "The next one is begun." : `${step.copying} is being copied.`);
  }
  await admin({ action: "note-operation", what: "store.migrate", count });
  console.log(`${count} partitions migrated; every one has the mapping of this version.`);
}

async function erase({ stage, admin }: Place, asked: Asked): Promise<void> {
  const { project, visitor, collection, from, to, yes } = asked;
  if (project === undefined) throw new Error("Say which --project.");
  if ([visitor, collection, from, to].every((given) => given === undefined))
    throw new Error("Say what: --visitor, --collection, --from or --to.");
  const where = JSON.parse(JSON.stringify({ project, visitor, collection, from, to })) as { project: string };
  if (!stage) {
    const events = await askServer("erase", { ...where, do: yes });
    return yes ? console.log(`${events} events are deleted.`) : dry(`${events} stored events.`);
  }
  if (!yes) {
    const { events } = await stage.invoke<{ events: number }>("upkeep", { action: "count-events", ...where });
    return dry(`${events} stored events.`);
  }
  await admin({ action: "delete-events", ...where });
  console.log("No collector stores any of them any more; those that are stored go within ten minutes.");
}

/** Runs a command that the running server of this machine knows, and answers its number. */
async function askServer(name: "redrive" | "erase", asked: object): Promise<number> {
  const { numbers } = await send<OpsOutcome>(await installation(undefined), "POST", `/ops/commands/${name}`, asked);
  return numbers[0]?.value ?? 0;
}

function dry(said: string): void {
  console.log(`${said}\nNothing was done. The same command with --yes does it.`);
}
