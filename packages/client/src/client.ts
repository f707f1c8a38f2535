import type { JsonObject } from "@millrace/core";
import { accessKeys, type AccessKeysClient } from "./access-keys.ts";
import type {
  AnswerTo,
  CollectionAnswer,
  EmbedAnswer,
  LedgerAnswer,
  ProjectAnswer,
  Recorded,
  UsageAnswer,
  VersionAnswer,
} from "./answers.ts";
import { readBatch, type BatchAnswer, type BatchEntry, type BatchWire } from "./batch.ts";
import type { CallOptions, SendWith } from "./call.ts";
import { datasets, type DatasetsClient } from "./datasets.ts";
import { definitions, type DefinitionsClient } from "./definitions.ts";
import { deletions, type DeletionsClient } from "./deletions.ts";
import { MillraceClientError } from "./error.ts";
import { download, NOT_MODIFIED, send, type Call, type Fetch } from "./http.ts";
import type { FunnelParameters, PathsParameters, RetentionParameters } from "./actor-parameters.ts";
import type { AnalysisName, DownloadForm, ExtractionParameters, LedgerParameters, Parameters } from "./parameters.ts";
import { withRetries } from "./retry.ts";
import { savedQueries, type SavedQueriesClient } from "./saved.ts";
import { uuidV7 } from "./uuid.ts";

export interface ClientOptions {
  /** Where Millrace is, such as `https://stats.example.com`; an empty text means the page's own origin. */
  readonly url: string;
  readonly projectId: string;
  readonly readKey?: string;
  readonly writeKey?: string;
  /** Used where the key that would do is not given. Never in a browser. */
  readonly masterKey?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

export interface BatchOptions extends CallOptions {
  /** Seconds the answers may be old, when somebody else asked the same. Default 0: as new as the store. */
  readonly maxAge?: number;
}

interface RecordOptions extends CallOptions {
  /**
   * Requests under one key store their events once. Default: a new key for each call. One of your own, kept beside the events until
   * a call succeeds, makes them stored once even when the process ends in between. A UUIDv7, unless each event says its
   * `keen.timestamp`.
   */
  readonly idempotencyKey?: string;
}

/** Collects into and asks one project. Every method throws {@link MillraceClientError}. */
export interface MillraceClient {
  /**
   * Records one event; resolves when it is queued durably. Tries again by itself, some seconds long, and however often it had to,
   * the event is stored once.
   */
  record(collection: string, event: JsonObject, options?: RecordOptions): Promise<void>;
  /**
   * Records events by collection in one request, likewise. One bad event harms only itself: the answer tells of each, in order.
   */
  recordAll(
    events: Readonly<Record<string, readonly JsonObject[]>>,
    options?: RecordOptions,
  ): Promise<Record<string, Recorded[]>>;
  /** Runs an analysis. The type of the result follows from the analysis, `interval` and `group_by`. */
  query<A extends AnalysisName, const P extends Parameters[A]>(
    analysis: A,
    parameters: P,
    options?: CallOptions,
  ): Promise<AnswerTo<A, P>>;
  /** How many actors did each step, of those who did the steps before it. */
  funnel<const P extends FunnelParameters>(parameters: P, options?: CallOptions): Promise<AnswerTo<"funnel", P>>;
  /** Cohorts by the period of their first event, and how many of each came back. */
  retention(
    parameters: RetentionParameters,
    options?: CallOptions,
  ): Promise<AnswerTo<"retention", RetentionParameters>>;
  /** Where sessions went, or came from, step by step. */
  paths(parameters: PathsParameters, options?: CallOptions): Promise<AnswerTo<"paths", PathsParameters>>;
  /**
   * Asks many questions in one request, by label: one instant for all, an outcome for each. At most 50.
   * @throws MillraceClientError for the request as a whole only
   */
  batch<const Queries extends Readonly<Record<string, BatchEntry>>>(
    queries: Queries,
    options?: BatchOptions,
  ): Promise<BatchAnswer<Queries>>;
  /**
   * A text that changes when events of the project are stored or deleted: cheap to ask, where the questions are not.
   * @param options `known`: the text one has; it comes back unchanged, and hardly a byte with it
   */
  version(options?: CallOptions & { readonly known?: string | undefined }): Promise<VersionAnswer>;
  /** What became of every accepted event, by hour. Default: the last 24 hours. */
  ledger(parameters?: LedgerParameters, options?: CallOptions): Promise<LedgerAnswer>;
  readonly savedQueries: SavedQueriesClient;
  readonly accessKeys: AccessKeysClient;
  readonly datasets: DatasetsClient;
  readonly definitions: DefinitionsClient;
  /** What an embed token, given as the `readKey`, lets see. */
  embed(options?: CallOptions): Promise<EmbedAnswer>;
  readonly deletions: DeletionsClient;
  /** The projects that the key sees: its own. */
  projects(options?: CallOptions): Promise<ProjectAnswer[]>;
  /** What Keen's plans counted, with the master key. */
  organizationUsage(options?: CallOptions): Promise<UsageAnswer>;
  project(options?: CallOptions): Promise<ProjectAnswer>;
  /** The rows of an extraction as a file: CSV (RFC 4180) or Apache Parquet. */
  download(form: DownloadForm, parameters: ExtractionParameters, options?: CallOptions): Promise<Blob>;
  /**
   * Every collection with its properties and their types.
   * @param options `standardFields`: also those that begin with `$`. Default false
   */
  schema(options?: CallOptions & { readonly standardFields?: boolean }): Promise<CollectionAnswer[]>;
}

/** A client of one project's API. It keeps nothing; only recording is tried again, questions are their caller's. */
export function createClient(options: ClientOptions): MillraceClient {
  const { readKey, writeKey, masterKey } = options;
  const root = `${options.url.replace(/\/+$/, "")}/3.0/projects`;
  const base = `${root}/${encodeURIComponent(options.projectId)}`;
  // Called through a function of its own: a browser's fetch refuses to run as a method of another object.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));

  const get = (path: string, { signal }: CallOptions = {}) =>
    send(fetch, { method: "GET", url: base + path, key: need("readKey", readKey ?? masterKey), signal });
  const post = (path: string, key: string, body: unknown, { signal }: CallOptions = {}) => {
    const call: Call = { method: "POST", url: base + path, key, body: JSON.stringify(body), signal };
    return send(fetch, call);
  };
  const manage: SendWith = (method, path, { signal, body, key = "master" } = {}) =>
    send(fetch, {
      method,
      url: base + path,
      key: key === "read" ? need("readKey", readKey ?? masterKey) : need("masterKey", masterKey),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    });
  // The text as it was at the call: under one key it must not change between two attempts.
  const record = (path: string, events: unknown, { signal, idempotencyKey = uuidV7() }: RecordOptions = {}) => {
    const key = need("writeKey", writeKey ?? masterKey);
    const headers = { "Idempotency-Key": idempotencyKey };
    const call: Call = { method: "POST", url: base + path, key, body: JSON.stringify(events), headers, signal };
    return withRetries(() => send(fetch, call), signal);
  };

  const ask = (analysis: AnalysisName, parameters: object, callOptions?: CallOptions) =>
    post(`/queries/${analysis}`, need("readKey", readKey ?? masterKey), parameters, callOptions);

  return {
    async record(collection, event, callOptions) {
      await record(`/events/${encodeURIComponent(collection)}`, event, callOptions);
    },
    async recordAll(events, callOptions) {
      return (await record("/events", events, callOptions)) as Record<string, Recorded[]>;
    },
    async query(analysis, parameters, callOptions) {
      return (await ask(analysis, parameters, callOptions)) as never;
    },
    async funnel(parameters, callOptions) {
      return (await ask("funnel", parameters, callOptions)) as never;
    },
    async retention(parameters, callOptions) {
      return (await ask("retention", parameters, callOptions)) as never;
    },
    async paths(parameters, callOptions) {
      return (await ask("paths", parameters, callOptions)) as never;
    },
    async batch(queries, { maxAge, ...callOptions } = {}) {
      const body = { queries, ...(maxAge !== undefined && { max_age: maxAge }) };
      const answer = await post("/queries/batch", need("readKey", readKey ?? masterKey), body, callOptions);
      return readBatch(queries, answer as BatchWire);
    },
    async version({ known, signal } = {}) {
      const key = need("readKey", readKey ?? masterKey);
      const headers = known === undefined ? undefined : { "If-None-Match": `"${known}"` };
      const answer = await send(fetch, { method: "GET", url: `${base}/version`, key, headers, signal });
      return answer === NOT_MODIFIED ? { version: known ?? "" } : (answer as VersionAnswer);
    },
    async ledger(parameters = {}, callOptions) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(parameters)) {
        query.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
      }
      return (await get(`/ledger?${query.toString()}`, callOptions)) as LedgerAnswer;
    },
    savedQueries: savedQueries(manage),
    accessKeys: accessKeys(manage),
    datasets: datasets(manage),
    definitions: definitions(manage),
    async embed(callOptions) {
      return (await get("/embed", callOptions)) as EmbedAnswer;
    },
    deletions: deletions(manage),
    async projects({ signal } = {}) {
      const key = need("readKey", readKey ?? masterKey);
      return (await send(fetch, { method: "GET", url: root, key, signal })) as ProjectAnswer[];
    },
    async organizationUsage(callOptions) {
      return (await manage("GET", "/organization-usage", callOptions)) as UsageAnswer;
    },
    async project(callOptions) {
      return (await get("", callOptions)) as ProjectAnswer;
    },
    async download(form, parameters, { signal } = {}) {
      const key = need("readKey", readKey ?? masterKey);
      const body = JSON.stringify({ ...parameters, content_type: form });
      return download(fetch, { method: "POST", url: `${base}/queries/extraction`, key, body, signal });
    },
    async schema({ standardFields = false, ...callOptions } = {}) {
      return (await get(`/events${standardFields ? "?standard_fields=true" : ""}`, callOptions)) as CollectionAnswer[];
    },
  };
}

function need(name: "readKey" | "writeKey" | "masterKey", key: string | undefined): string {
  if (key !== undefined && key !== "") return key;
  throw new MillraceClientError("InvalidApiKeyError", 0, `This call needs a ${name}; the client was made without one.`);
}
