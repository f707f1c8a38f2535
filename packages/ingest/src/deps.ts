import type { Access, MonthlyEvents, Rates, ReportError, Salts } from "@millrace/access";
import type { Clock, Queue, RandomBytes, RefusalCounter, Rests, Visits } from "@millrace/core";
import type { Context, Handler, MiddlewareHandler } from "hono";

/** Everything ingest needs from outside. One object, chosen in the one-machine server and in the Lambda entry point. */
export interface IngestDeps {
  readonly access: Access;
  readonly queue: Pick<Queue, "send">;
  readonly visits: Visits;
  readonly salts: Salts;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Names this process among all that ever ran: its messages are numbered, so that a missing one shows. */
  readonly instance: string;
  readonly refusals: RefusalCounter;
  /** Holds throttled projects to their rate. */
  readonly rates: Rates;
  /** Holds projects with a quota to it. */
  readonly months: Pick<MonthlyEvents, "isOver">;
  /**
   * Where all projects share one thread, one that uses more than its part of the time for what it sends rests. Default: each has what it
   * needs, since the platform gives each request a process.
   */
  readonly rests?: Rests;
  /** Address of the other end of the connection. */
  readonly peerAddress: (c: Context) => string | undefined;
  /**
   * Which forwarded headers are believed. Default: none, since anybody can send them. `cloudfront`: the viewer headers that
   * CloudFront sets (address and geo). A number: how many proxies in front append to X-Forwarded-For.
   */
  readonly trustProxy?: "cloudfront" | number;
  /** Answers `GET …/events/:collection` without `data`, which reads a schema (the query API's part). */
  readonly schemaRead?: Handler;
}

/** What the ingest app needs beyond its routes. */
export interface IngestAppDeps extends IngestDeps {
  readonly report: ReportError;
  /** Runs around every request, the first outermost: executions, access log. */
  readonly before?: readonly MiddlewareHandler[];
}
