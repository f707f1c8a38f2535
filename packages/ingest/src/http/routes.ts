import { appOf, type Route } from "@millrace/access";
import type { Hono } from "hono";
import { createAccept } from "../accept.ts";
import type { IngestAppDeps, IngestDeps } from "../deps.ts";
import { recordByGet } from "../keen/record-get.ts";
import { recordMany, recordOne } from "../keen/record-keen.ts";
import { recordTracker } from "../tracker/record-tracker.ts";

/** The routes that record, to be mounted beside others in one app. */
export function createIngestRoutes(deps: IngestDeps): Route[] {
  const accept = createAccept(deps);
  const events = "/3.0/projects/:project/events";
  return [
    {
      method: "POST",
      path: `${events}/:collection`,
      class: "collect",
      summary: "Record one event.",
      handler: recordOne(deps, accept),
    },
    {
      method: "GET",
      path: `${events}/:collection`,
      class: "collect",
      summary: "Record one event by image, script or link (with data); else read the collection's schema.",
      handler: recordByGet(deps, accept),
    },
    {
      method: "POST",
      path: events,
      class: "collect",
      summary: "Record many events.",
      handler: recordMany(deps, accept),
    },
    {
      method: "POST",
      path: "/v1/e",
      class: "collect",
      summary: "Record a batch of the browser tracker.",
      handler: recordTracker(deps, accept),
    },
  ];
}

/** An app that only records: what the ingest function serves. */
export function createIngestApp(deps: IngestAppDeps): Hono {
  return appOf(createIngestRoutes(deps), deps.report, deps.before);
}
