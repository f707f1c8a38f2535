import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PanelFailure, SkeletonRows } from "./states.tsx";
import { useFailure } from "./use-failure.ts";

interface Props<T> {
  readonly query: UseQueryResult<T>;
  /** Rows that will be there, about. */
  readonly rows?: number;
  readonly children: (answer: T) => ReactNode;
}

/** An answer, once it is there; until then what it will look like, or why it cannot be had and a way to try again. */
export function Asked<T>({ query, rows = 6, children }: Props<T>) {
  const failure = useFailure(query);
  if (failure) return <PanelFailure error={failure} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <SkeletonRows rows={rows} asked={query.fetchStatus !== "idle"} />;
  return <div className={query.isPlaceholderData ? "asked stale" : "asked"}>{children(query.data)}</div>;
}
