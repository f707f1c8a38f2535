// What a visit of a page says of the tracker on it. Pure: the command prints it, and a page may show it.

/** A script tag of ours on the page. */
export interface Tag {
  readonly src: string;
  readonly key: string | undefined;
  /** Name of its global variable. */
  readonly global: string;
  readonly isOff: boolean;
  /** Why it did not load, in the browser's words or as a status; undefined when it did. */
  readonly failure: string | undefined;
}

/** A batch that the page's tracker sent, and how that ended. */
export interface Batch {
  readonly endpoint: string;
  readonly key: string;
  /** Of its first event, as it is stored. */
  readonly id: string;
  readonly collection: string;
  /** Undefined: no answer that the page may read. */
  readonly status: number | undefined;
  /** Whether the answer is as Millrace accepts a batch: many a site answers 200 to everything. */
  readonly isOurs: boolean;
  /** The server's word on why it took nothing, or not all. */
  readonly message: string | undefined;
}

export interface Visit {
  /** Status of the page; undefined when it could not be opened, which `failure` then explains. */
  readonly status: number | undefined;
  readonly failure?: string;
  readonly tags: readonly Tag[];
  /** Undefined when the page was only read: nothing ran. */
  readonly ran:
    | {
        readonly batches: readonly Batch[];
        /** What the page's content security policy stopped: directive and address. */
        readonly stopped: readonly { directive: string; address: string }[];
        /** What the tracker said in the console. */
        readonly said: readonly string[];
        /** Whether the browser asks not to be tracked (Global Privacy Control). */
        readonly isPrivate: boolean;
        /** Whether the tracker sent nothing before it was told that the visitor agrees. */
        readonly waitsForConsent: boolean;
      }
    | undefined;
}

type FindingName =
  | "page-failed"
  | "no-script"
  | "no-key"
  | "other-key"
  | "duplicate"
  | "script-stopped-by-policy"
  | "script-blocked"
  | "script-failed"
  | "endpoint-stopped-by-policy"
  | "endpoint-unreachable"
  | "not-millrace"
  | "refused"
  | "warning"
  | "private"
  | "off"
  | "consent"
  | "silent"
  | "only-read"
  | "works";

export interface Finding {
  readonly name: FindingName;
  /** Whether somebody has to do something. */
  readonly isProblem: boolean;
  readonly text: string;
}

/**
 * Everything there is to say of a visit, what comes first on the way of an event first. It works where `works` is among them.
 * @param key the key that the page should have; without it any is right
 */
export function findingsOf({ status, failure, tags, ran }: Visit, key?: string): Finding[] {
  const found: Finding[] = [];
  const say = (name: FindingName, text: string, isProblem = true) => void found.push({ name, isProblem, text });

  if (status === undefined) say("page-failed", `The page could not be opened: ${failure ?? "no answer"}.`);
  else if (status >= 400) say("page-failed", `The page answers ${status}.`);
  if (found.length > 0) return found;

  const batches = ran?.batches ?? [];
  const stopped = ran?.stopped ?? [];
  if (tags.length === 0 && batches.length === 0) {
    say("no-script", "There is no script of Millrace on the page: no <script> with data-key, and none called t.js.");
    return found;
  }
  const policyOn = (address: string) => stopped.find((each) => address.startsWith(each.address));
  for (const tag of tags) {
    if (tag.failure === undefined) continue;
    if (policyOn(tag.src))
      say(
        "script-stopped-by-policy",
        `The page's content security policy stops ${tag.src}: name its host in script-src.`,
      );
    else if (/BLOCKED_BY_(CLIENT|ADMINISTRATOR)/.test(tag.failure))
      say(
        "script-blocked",
        `${tag.src} is blocked (${tag.failure}): serve it from the site itself, under a path of its own.`,
      );
    else say("script-failed", `${tag.src} did not load: ${tag.failure}.`);
  }
  for (const { src, key: own } of tags)
    if (own === undefined && batches.length === 0) say("no-key", `${src} has no data-key.`);
  const keys = new Set([...tags.flatMap((tag) => tag.key ?? []), ...batches.map((batch) => batch.key)]);
  for (const other of keys)
    if (key !== undefined && other !== key)
      say("other-key", `The page records with the key ${other}, not with ${key}.`);
  for (const [name, same] of Map.groupBy(tags, (tag) => tag.global)) {
    if (same.length > 1)
      say(
        "duplicate",
        `${same.length} tags want the name ${name}: only the first records. Give the others a data-global, or take them out.`,
      );
  }
  if (ran === undefined) {
    if (found.length === 0)
      say("only-read", "The tag is there and its script can be loaded. Nothing was run: that takes a Chromium.", false);
    return found;
  }
  for (const words of ran.said) say("warning", `The console says: ${words}`);
  for (const { endpoint, status: answered, message, isOurs } of unique(batches)) {
    if (answered === undefined && policyOn(endpoint)) continue;
    if (answered === undefined)
      say(
        "endpoint-unreachable",
        `${endpoint} gives no answer that the page may read: blocked, down, or without CORS.`,
      );
    else if (answered >= 300)
      say("refused", `${endpoint} answers ${answered}: ${message ?? "without a reason of Millrace's"}.`);
    else if (!isOurs)
      say("not-millrace", `${endpoint} answers ${answered}, but it is not Millrace: what is sent there is lost.`);
    else if (message !== undefined) say("refused", `${endpoint} took not all: ${message}`);
  }
  for (const { directive, address } of stopped.filter((each) => each.directive === "connect-src")) {
    say(
      "endpoint-stopped-by-policy",
      `The page's content security policy stops ${address}: name its host in ${directive}.`,
    );
  }
  const taken = batches.find((batch) => batch.status !== undefined && batch.status < 300 && batch.isOurs);
  if (taken) {
    if (ran.waitsForConsent)
      say("consent", "Nothing is sent before optIn(): the page waits for consent. The check gave it.", false);
    say("works", `${taken.collection} is accepted as ${taken.id} by ${taken.endpoint}.`, false);
  } else if (found.length === 0) {
    if (ran.isPrivate)
      say("private", "The browser asks not to be tracked (Global Privacy Control): nothing is sent.", false);
    else if (tags.some((tag) => tag.isOff)) say("off", "The page switches the tracker off (data-off).", false);
    else
      say("silent", "The script runs and sends nothing: it is switched off, or data-auto captures nothing of a load.");
  }
  return found;
}

/** One of those that ended alike. */
function unique(batches: readonly Batch[]): Batch[] {
  return [...new Map(batches.map((batch) => [`${batch.endpoint} ${batch.status} ${batch.message}`, batch])).values()];
}
