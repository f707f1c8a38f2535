import { listen } from "../dom.ts";
import type { Part } from "../kit.ts";

/** A page in a loop fails without end: more than this from one load says nothing new. */
const MOST = 20;

/** Errors of scripts that nobody caught, each message once: its text, its kind and its place. */
export const errors: Part = (kit) => () => {
  if (!kit._wants("errors")) return;
  const told = new Set<string>();
  const report = (event: Event) => {
    const { error, reason, message, filename, lineno, colno } = event as ErrorEvent & PromiseRejectionEvent;
    const thrown = error ?? reason;
    const text = `${thrown?.message ?? message ?? thrown}`.slice(0, 300);
    // An element that did not load raises an event that is no error of a script.
    if ((event.type === "error" && !message) || told.size >= MOST || told.has(text)) return;
    told.add(text);
    const place = filename && `${kit._locate(filename).u}:${lineno}:${colno}`;
    kit._record("script_errors", { p: { message: text, kind: thrown?.name, place: place || undefined } });
  };
  listen("error unhandledrejection", report);
};
