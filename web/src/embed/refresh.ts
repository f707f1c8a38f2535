import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Period } from "../state/ranges.ts";
import { hoursBetween } from "../state/wall.ts";

/** No finer than the eye sees on a chart of so many points, and never more often than once a minute. */
const POINTS = 200;
const LEAST_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Asks anew while the page is looked at. By the clock: what tells the dashboard that something was stored is closed to tokens, as it moves
 * with what other customers do.
 */
export function useRefresh(period: Period | undefined): void {
  const client = useQueryClient();
  const widthMs = period ? hoursBetween(period.start, period.end) * HOUR_MS : 0;
  useEffect(() => {
    const timer = setInterval(
      () => {
        if (document.visibilityState !== "visible") return;
        void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "embed" });
      },
      Math.max(LEAST_MS, widthMs / POINTS),
    );
    return () => clearInterval(timer);
  }, [client, widthMs]);
}
