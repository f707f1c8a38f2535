import { MillraceClientError } from "@millrace/client";
import { useQuery, useQueryClient, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { askerOf } from "../api/client.ts";
import { projectOf } from "../questions/project.ts";
import { versionOf } from "../questions/version.ts";
import { usePage } from "../state/page.tsx";
import type { Period } from "../state/ranges.ts";
import { attend } from "../state/attention.ts";
import { hasMoved } from "../state/compare.ts";
import { HEARTBEAT_MS, renewalSpacing } from "../state/renewal.ts";
import { fillSlot } from "../state/slots.ts";
import { dateOf, hoursBetween, wallNow } from "../state/wall.ts";

/** Questions whose answers change when events are stored, if their range has not ended. */
const COUNTED = new Set([
  "totals",
  "series",
  "top",
  "earlier",
  "bounds",
  "hours",
  "events",
  "widgets",
  "versions",
  "question",
  "converted",
]);
/** New collections are rare, but for whoever has just put the script tag in, and that is who uses the page. */
const PROJECT_MS = { attended: 30_000, unattended: 600_000 };
/** What happens now moves on when nothing happens, too. */
const NOW_MS = 60_000;
/** By so much the page's time may be behind (see pages/use-opened.ts). */
const BEHIND_MS = 30_000;

/** Every second beat. */
const LIVE_MS = 1.5 * HEARTBEAT_MS.unattended;
const HOUR_MS = 3_600_000;

/**
 * Keeps the page as new as it needs to be. Each heartbeat is one request. When something was stored, the next one is not the question
 * whether anything was, but one for the people online, and in it, when its time has come (see renewal.ts), whatever the present moment
 * is part of. While nothing is stored the people online are asked for once a minute, and how far the period had come that this one is
 * compared with every five, in the place of such a question: the former go, the latter goes on. A hidden tab does nothing.
 */
export function useRenewal(): void {
  const { access, collections, period, now } = usePage();
  const client = useQueryClient();
  const { data: version, dataUpdatedAt: beat, isError } = useQuery(versionOf(access));
  const state = useRef({ version: undefined as string | undefined, at: 0, unattended: 0, tookMs: 0 });
  const page = useRef({ access, collections, period, now });
  useEffect(() => {
    page.current = { access, collections, period, now };
  });

  useEffect(() => {
    const onSign = () => {
      state.current.unattended = 0;
      if (attend()) void client.invalidateQueries({ queryKey: versionOf(page.current.access).queryKey });
    };
    const signs = ["pointerdown", "keydown", "wheel"] as const;
    for (const sign of signs) window.addEventListener(sign, onSign, { passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, onSign);
    };
  }, [client]);

  // The server is back: whatever failed meanwhile is asked again by itself.
  const failed = useRef(false);
  useEffect(() => {
    if (failed.current && !isError) void client.refetchQueries({ predicate: ({ state: of }) => of.status === "error" });
    failed.current = isError;
  }, [client, isError]);

  useEffect(() => {
    if (version === undefined) return;
    const { access: of, period: shown, now: wall } = page.current;
    // What is on the screen at the first beat was asked a moment ago.
    if (state.current.at === 0) state.current.at = beat;
    const since = state.current;
    const shownVersion = since.version ?? askerOf(of).firstVersion();
    const isNow = ({ queryKey: [name] }: Query): boolean => name === "now";
    // About a part of a period whose end has moved on since it was answered.
    const hasPassed = ({ queryKey, state: { dataUpdatedAt } }: Query): boolean =>
      queryKey.some(isPart) && hasMoved(wallNow(of.timezone, dataUpdatedAt - BEHIND_MS), wall);
    if (version === shownVersion) {
      // Nobody came; who was there may have gone, and time went by.
      const isOver = (query: Query): boolean =>
        hasPassed(query) || ((isNow(query) || isSomebodyOnline(query)) && beat - query.state.dataUpdatedAt > NOW_MS);
      if (client.getQueryCache().findAll({ type: "active", predicate: isOver }).length > 0) {
        fillSlot(of.id, async () => {
          await renew(client, isOver);
          return version;
        });
      }
      return;
    }
    const project = client.getQueryState(projectOf(of).queryKey);
    const widthMs = hoursBetween(shown.start, shown.end) * HOUR_MS;
    const due = beat - since.at >= renewalSpacing({ widthMs, ...since });
    const projectMs = since.unattended === 0 && !due ? PROJECT_MS.attended : PROJECT_MS.unattended;
    if (beat - (project?.dataUpdatedAt ?? 0) > projectMs) {
      fillSlot(of.id, async () => {
        await renew(client, ({ queryKey: [name] }) => name === "project");
        return version;
      });
      return;
    }
    const wanted = (query: Query): boolean => {
      const {
        queryKey,
        state: { dataUpdatedAt },
      } = query;
      const [name] = queryKey;
      // The live page follows at each beat.
      if (isNow(query)) return true;
      if (name === "live") return due || beat - dataUpdatedAt > LIVE_MS;
      if (hasPassed(query)) return true;
      return due && (name === "ledger" || (COUNTED.has(String(name)) && isOpen(queryKey, wall)));
    };
    if (!client.getQueryCache().findAll({ type: "active", predicate: wanted }).length) return;
    fillSlot(of.id, async () => {
      const startedAt = Date.now();
      if (due) askerOf(of).restart();
      await renew(client, wanted);
      if (!due) return version;
      const told = askerOf(of).firstVersion();
      const unattended = since.unattended + 1;
      state.current = { version: told, at: Date.now(), unattended, tookMs: Date.now() - startedAt };
      return told ?? version;
    });
  }, [version, beat, client]);
}

/** True for the count of people online while it is above zero: below it cannot fall. */
function isSomebodyOnline({ queryKey: [name], state: { data } }: Query): boolean {
  return name === "live" && typeof data === "number" && data > 0;
}

/** Asks some of what is on the page again. @throws why the server cannot be reached, if that is so; other failures stand in their panels */
async function renew(client: QueryClient, predicate: (query: Query) => boolean): Promise<void> {
  const renewed = client.getQueryCache().findAll({ type: "active", predicate });
  await client.invalidateQueries({ predicate });
  const unreachable = renewed
    .map(({ state: { error } }) => error)
    .find((error) => error instanceof MillraceClientError && error.code === "NetworkError");
  if (unreachable) throw unreachable;
}

/**
 * True while events of now fall into the period that a question is about, or the period moves on with them; a question about none is
 * about all time.
 */
function isOpen(queryKey: QueryKey, wall: string): boolean {
  const period = queryKey.find(isPeriod);
  if (!period) return true;
  return period.end.length > 10 ? period.end > wall : period.end > dateOf(wall);
}

/** See keyOf in questions/ask.ts. */
function isPart(part: unknown): boolean {
  return typeof part === "object" && part !== null && "whole" in part;
}

function isPeriod(part: unknown): part is Period {
  return typeof part === "object" && part !== null && "start" in part && "end" in part;
}
