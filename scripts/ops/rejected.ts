import { mistake, numberOf, readCommand } from "../command.ts";
import { installation, send } from "./ask.ts";

export const REJECTED_USAGE = `npm run ops -- rejected           accepted events that could not be stored, by reason and collection, each with an example
             rejected events    one by one, the newest first; --limit N, default 50
             rejected replay    sends them through the pipeline again, after what was wrong is mended: counts them, and with --yes
                                does it. Safe to repeat: an event is stored once

  --project P               default: the project of this machine's server
  --reason R --collection C --text WORDS   --timeframe today, previous_7_days, this_24_hours: of receipt. Default: all that is kept
  --json                    the answers as they came
  --url URL                 an installation elsewhere, with a master key or an operator's token in MILLRACE_KEY`;

interface Rejected {
  readonly reason: string;
  readonly collection: string;
  readonly received_at: string;
  readonly detail: string;
  readonly batch: string;
  readonly ordinal: number;
  readonly raw: unknown;
}

interface Group {
  readonly reason: string;
  readonly collection: string;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly sample: Rejected | null;
}

interface Replayed {
  readonly found: number;
  readonly without_raw: number;
  readonly sent: number;
  readonly after: string | null;
}

const TEXT = { type: "string" } as const;
const MOST_RAW = 300;
const PARTS = ["events", "replay"] as const;

function readRejected() {
  return readCommand(
    REJECTED_USAGE,
    {
      options: {
        project: TEXT,
        reason: TEXT,
        collection: TEXT,
        text: TEXT,
        timeframe: TEXT,
        limit: TEXT,
        url: TEXT,
        yes: { type: "boolean" },
        json: { type: "boolean" },
      },
      allowPositionals: true,
    },
    ({ values, positionals: [, part, tooMuch] }) => {
      const { project, url, yes = false, json = false, limit, ...which } = values;
      if (tooMuch !== undefined) mistake(`"${tooMuch}" is one word too many.`);
      const wanted = part === undefined ? "groups" : PARTS.find((known) => known === part);
      if (wanted === undefined) mistake(`There is no "rejected ${part}".`);
      if (yes && wanted !== "replay") mistake("--yes means nothing where nothing is changed.");
      if (limit !== undefined && wanted !== "events") mistake("--limit is of rejected events.");
      const most = limit === undefined ? {} : { limit: String(numberOf("limit", limit, { least: 1, whole: true })) };
      return { project, url, yes, json, wanted, which: { ...which, ...most } };
    },
  );
}

/** `npm run ops -- rejected …`. @throws Error for people */
export async function rejected(): Promise<void> {
  const { url, yes, json, wanted, which, ...asked } = readRejected();
  const target = await installation(url);
  const project = asked.project ?? target.project;
  if (project === undefined) throw new Error("Say which --project.");
  const path = `/3.0/projects/${encodeURIComponent(project)}/rejected`;
  const search = new URLSearchParams(which);
  const print = <T>(answer: T, inWords: (answer: T) => string) =>
    console.log(json ? JSON.stringify(answer, null, 2) : inWords(answer));
  if (wanted === "groups")
    return print(await send<{ groups: Group[] }>(target, "GET", `${path}?${search.toString()}`), groupsText);
  if (wanted === "events")
    return print(await send<{ events: Rejected[] }>(target, "GET", `${path}/events?${search.toString()}`), eventsText);
  let total: Replayed = { found: 0, without_raw: 0, sent: 0, after: null };
  do {
    const body = { ...which, send: yes, ...(total.after !== null && { after: total.after }) };
    const more = await send<Replayed>(target, "POST", `${path}/replay`, body);
    total = {
      found: total.found + more.found,
      without_raw: total.without_raw + more.without_raw,
      sent: total.sent + more.sent,
      after: more.after,
    };
    if (total.after !== null) console.error(replayText(total, yes));
  } while (total.after !== null);
  print(total, (sum) => replayText(sum, yes));
}

function groupsText({ groups }: { readonly groups: readonly Group[] }): string {
  if (groups.length === 0) return "Nothing was rejected.";
  return groups
    .map(({ reason, collection, count, first_at, last_at, sample }) => {
      const example = sample ? [`            ${sample.detail}`, `            ${rawText(sample.raw)}`] : [];
      const times = first_at === last_at ? first_at : `${first_at} to ${last_at}`;
      return [
        `${String(count).padStart(10)}  ${reason}  ${collection || "(no collection)"}  ${times}`,
        ...example,
      ].join("\n");
    })
    .join("\n");
}

function eventsText({ events }: { readonly events: readonly Rejected[] }): string {
  if (events.length === 0) return "Nothing was found.";
  return events
    .map(({ received_at, reason, collection, detail, batch, ordinal, raw }) =>
      [`${received_at}  ${reason}  ${collection}  ${batch} ${ordinal}`, `  ${detail}`, `  ${rawText(raw)}`].join("\n"),
    )
    .join("\n");
}

function rawText(raw: unknown): string {
  if (raw === null) return "Its raw form is no longer kept.";
  return JSON.stringify(raw).slice(0, MOST_RAW);
}

function replayText({ found, without_raw, sent }: Replayed, isDone: boolean): string {
  const gone = without_raw > 0 ? ` Of ${without_raw} the raw form is no longer kept; they stay rejected.` : "";
  if (isDone) return `${sent} of ${found} rejected events are in the queue again.${gone}`;
  return `${found} rejected events.${gone} Nothing was sent. The same command with --yes sends them.`;
}
