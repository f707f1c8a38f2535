import { useCallback, useMemo } from "react";
import { usePage } from "../state/page.tsx";
import { readSpec, writeSpec, type ReadMembers } from "./spec.ts";

/** What a page asks, in the address: a link is the same question, and Back undoes a change. */
export interface Spec<T> {
  readonly defaults: T;
  readonly members: ReadMembers<T>;
}

export function useSpec<T extends object>({ defaults, members }: Spec<T>): readonly [T, (patch: Partial<T>) => void] {
  const { search, update } = usePage();
  const spec = useMemo(() => readSpec(search.q, defaults, members), [search.q, defaults, members]);
  const change = useCallback(
    (patch: Partial<T>) => update({ q: writeSpec({ ...spec, ...patch }, defaults) }),
    [spec, defaults, update],
  );
  return [spec, change];
}
