/** What somebody says with a command. */
export interface MendArgument {
  readonly label: string;
  /** `project`: the id of one; `text`: whatever; `time`: ISO 8601; `hour`: such as `2026-11-23T21`. */
  readonly kind: "project" | "text" | "time" | "hour";
  /** How it is typed: as a word, in the order of the table, or as an option of its name. */
  readonly as: "word" | "option";
  readonly required?: true;
  /** What stands for it in the usage. */
  readonly stand: string;
}

export interface MendCommand {
  readonly title: string;
  /** How it is typed after `npm run ops --`. */
  readonly typed: string;
  /** What becomes of it, as a sentence. */
  readonly does: string;
  readonly takes: Readonly<Record<string, MendArgument>>;
  /** There is no way back. */
  readonly forGood?: true;
  /** Changes nothing: it is asked until there is nothing left to wait for. */
  readonly waits?: true;
  /** What it works on is on AWS alone. */
  readonly onAwsAlone?: true;
}

const PROJECT = { label: "Project", kind: "project", as: "option", stand: "P" } as const;

/**
 * What puts something right, once: the command line, its usage, the routes below `/ops/commands` and the operations page read this table. Each is safe to
 * repeat, and says what it would do before it does it.
 */
export const MEND_COMMANDS = {
  throttle: {
    title: "Throttle a project",
    typed: "throttle",
    does: "Requests a second that may record; more are answered 429 with Retry-After. Heard of within a minute.",
    takes: {
      project: { ...PROJECT, as: "word", required: true, stand: "PROJECT" },
      rate: { label: "Requests a second, or off", kind: "text", as: "word", required: true, stand: "N|off" },
    },
  },
  pause: {
    title: "Pause collecting",
    typed: "pause",
    does: "Nothing is taken off the queue any more. What comes in meanwhile waits there: nothing is refused.",
    takes: {},
  },
  resume: { title: "Resume collecting", typed: "resume", does: "Events are taken off the queue again.", takes: {} },
  drain: {
    title: "Wait until the queue is empty",
    typed: "drain",
    does: "Says what waits in the queue until nothing does.",
    takes: {},
    waits: true,
  },
  redrive: {
    title: "Redrive dead letters",
    typed: "redrive",
    does: "Dead letters go back into the queue. Those that nobody can read come back.",
    takes: { project: PROJECT },
  },
  "replay-rejected": {
    title: "Replay rejected events",
    typed: "rejected replay",
    does: "Sends rejected events through the pipeline again, after what was wrong is mended. Each is stored once.",
    takes: {
      project: { ...PROJECT, required: true },
      reason: { label: "Of this reason", kind: "text", as: "option", stand: "R" },
      collection: { label: "Of this collection", kind: "text", as: "option", stand: "C" },
    },
  },
  replay: {
    title: "Replay an hour of the archive",
    typed: "replay",
    does: "Sends an hour of the archive through the pipeline again; what is stored is recognised.",
    takes: {
      hour: { label: "Hour, UTC, such as 2026-11-23T21", kind: "hour", as: "word", required: true, stand: "HOUR" },
    },
    onAwsAlone: true,
  },
  migrate: {
    title: "Migrate the store",
    typed: "migrate",
    does: "Brings every partition to the mapping of this version, while ingest goes on.",
    takes: {},
    onAwsAlone: true,
  },
  erase: {
    title: "Erase events",
    typed: "erase",
    does: "Deletes a visitor's events, a collection's, or those of a time, for good: none of them is stored again.",
    takes: {
      project: { ...PROJECT, required: true },
      visitor: { label: "Visitor id", kind: "text", as: "option", stand: "V" },
      collection: { label: "Or collection", kind: "text", as: "option", stand: "C" },
      from: { label: "From, ISO 8601", kind: "time", as: "option", stand: "T" },
      to: { label: "To, ISO 8601", kind: "time", as: "option", stand: "T" },
    },
    forGood: true,
  },
} as const satisfies Readonly<Record<string, MendCommand>>;

export type MendName = keyof typeof MEND_COMMANDS;

/** @returns undefined for a word that is no command */
export function mendCommand(name: string): MendCommand | undefined {
  return Object.hasOwn(MEND_COMMANDS, name) ? MEND_COMMANDS[name as MendName] : undefined;
}
