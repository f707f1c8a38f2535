import type { Access, Audit, Deletions, DocumentedRoute, Embeds } from "@millrace/access";
import type { Catalogue, Clock, EventSource, JsonObject, Queue, Rests, Shares, Versions } from "@millrace/core";
import type { Executions } from "@millrace/monitor";
import type { Ledger, Sending } from "@millrace/ops";
import type { Context } from "hono";
import type { RejectedDeps } from "./rejected/deps.ts";
import type { Possible } from "./sending/read-sending.ts";
import type { Answers } from "./share/answers.ts";
import type { Stored } from "./stored/stored.ts";

/** What the query API works with. All of it is passed in: the same app runs on one machine and on Lambda. */
export interface QueryDeps {
  readonly access: Pick<Access, "authenticate" | "authenticateReader" | "accessKeys" | "audit">;
  readonly source: EventSource;
  readonly catalogue: Pick<Catalogue, "view" | "renew">;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Throws where the properties that an access key fills in could not be recorded. Default: whoever records with it finds out. */
  readonly checkAutofill?: (properties: JsonObject) => void;
  readonly deletions: Pick<Deletions, "deleteAll" | "deleteProperty">;
  /** Accepted events that could not be stored, and where they are sent again. Default: there are no routes for it. */
  readonly rejected?: RejectedDeps;
  /** Embed secrets, revoked tokens and share links. Default: nothing can be embedded, and there are no routes for it. */
  readonly embeds?: Pick<Embeds, "keys" | "shareLinks"> & { readonly audit: Pick<Audit, "record"> };
  /** Whole address of who asks, for counting tries at passwords of share links. Default: all are one. */
  readonly addressOf?: (c: Context) => string | undefined;
  /** Reports and watches, and what of them this installation can send. Default: nothing is sent, and there are no routes for it. */
  readonly sending?: Sending & {
    readonly possible: Possible;
    /** Has what is due looked at now. Default: it is with the next round, within ten minutes. */
    readonly soon?: () => void;
  };
  /** What is kept of questions: saved ones. */
  readonly stored: Stored;
  /** Tells how old the oldest message still queued is, so that the ledger knows which hours are settled. Default: unknown. */
  readonly queue?: Pick<Queue, "stats">;
  /** What is stored of a project, as a number. Default: unknown, so answers are shared only with who lets them be old. */
  readonly versions?: Pick<Versions, "read">;
  /** What one project may take of the store. Default: as much as it asks for. */
  readonly shares?: Shares;
  /** Told what of this process' one thread each project's answers took, and has those rest who took more than their part. Default: nobody does. */
  readonly rests?: Rests;
  /** Answers of a short time ago. Default: up to 32 MB of this app's own. */
  readonly answers?: Answers;
  /**
   * Milliseconds in which a request must be answered: what is left of the platform's time, less what the answer itself takes. It is
   * passed down to the store, and its end is a 504 of ours. Default: Keen's 300 s.
   */
  readonly timeLeft?: (c: Context) => number;
  /**
   * Most bytes of an answer, as Lambda counts them: text as a JSON string, compressed bytes as base64. Larger ones are compressed
   * where the client takes that, else refused by name. Default: no limit.
   */
  readonly maxAnswerBytes?: number;
  /** Routes that are served elsewhere and belong into the OpenAPI document all the same: those that record. Default: none. */
  readonly documented?: readonly DocumentedRoute[];
  /** Runs each request as a recorded execution. Default: none, and faults go to standard error. */
  readonly executions?: Executions;
}

/** What questions are answered with. */
export type QueryParts = Pick<QueryDeps, "access" | "catalogue" | "clock" | "ledger" | "queue" | "stored">;
