import { useCallback, useEffect, useState } from "react";
import type { Host } from "./host.ts";

/** A token is replaced when a fifth of its life is left; after a failure again so many milliseconds later. */
const LEFT = 0.2;
const AGAIN_MS = 10_000;
/** Longer waits than a browser's timers can count are made of several. */
const LONGEST_MS = 3_600_000;

/**
 * The token that questions are asked with, and a newer one from the host before it ends: nothing on the page is loaded anew for that.
 * @returns also what to call with the end of the token in use, milliseconds UTC
 */
export function useToken(first: string, host: Host): readonly [token: string, endsAt: (at: number) => void] {
  const [token, setToken] = useState(first);
  const [life, setLife] = useState<{ readonly from: number; readonly to: number }>();
  const endsAt = useCallback((at: number) => setLife({ from: Date.now(), to: at }), []);
  useEffect(() => {
    if (!life) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const due = life.to - (life.to - life.from) * LEFT;
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        if (Date.now() < due) wait(Math.min(LONGEST_MS, due - Date.now()));
        else host.renew().then(setToken, () => wait(AGAIN_MS));
      }, ms);
    };
    wait(Math.max(0, Math.min(LONGEST_MS, due - Date.now())));
    return () => clearTimeout(timer);
  }, [life, host]);
  return [token, endsAt];
}
