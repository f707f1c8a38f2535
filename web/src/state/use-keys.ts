import { useEffect, useLayoutEffect, useRef } from "react";

/** What a key does; keys are those of `KeyboardEvent.key`, letters in upper case. */
export type KeyMap = Readonly<Record<string, () => void>>;

/**
 * Single keys for the whole page. Ignored while a modifier is held (they belong to the browser), while something is being typed,
 * and while a dialog or the navigation is open.
 */
export function useKeys(keys: KeyMap): void {
  const current = useRef(keys);
  // Before the browser paints: the next key is one for what is seen.
  useLayoutEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
      const action = current.current[event.key.length === 1 ? event.key.toUpperCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** A field of a dialog that was just closed has the focus until the browser draws again: nobody types there any more. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) &&
    target.checkVisibility()
  );
}
