import { appOf, type Route } from "@millrace/access";
import type { Hono } from "hono";
import { createAccept } from "../accept.ts";
import type { IngestAppDeps, IngestDeps } from "../deps.ts";
import { recordByGet } from "../keen/record-get.ts";
import { recordMany, recordOne } from "../keen/record-keen.ts";
import { recordTracker } from "../tracker/record-tracker.ts";
import { COLLECT_ROUTES } from "./collect-routes.ts";

/** The routes that record, to be mounted beside others in one app. */
export function createIngestRoutes(deps: IngestDeps): Route[] {
  const accept = createAccept(deps);
  return [
    { ...COLLECT_ROUTES.one, handler: recordOne(deps, accept) },
    { ...COLLECT_ROUTES.byGet, handler: recordByGet(deps, accept) },
    { ...COLLECT_ROUTES.many, handler: recordMany(deps, accept) },
    { ...COLLECT_ROUTES.tracker, handler: recordTracker(deps, accept) },
  ];
}

/** An app that only records: what the ingest function serves. */
export function createIngestApp(deps: IngestAppDeps): Hono {
  return appOf(createIngestRoutes(deps), deps.report, deps.before);
}
