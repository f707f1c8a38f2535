import type { Auto, Options } from "./api.ts";
import type { Details, Hints, Page } from "./wire.ts";

/**
 * What a part of the script works with. The tracker itself calls these functions by this object, so that a part can put one of its own
 * in the place of another. Names that begin with `_` never leave the bundle: the build shortens them.
 */
export interface BareKit {
  /** This tracker's own. Without `beforeSend` once a part has taken that over. */
  readonly _options: Options;
  readonly _hints: Hints;
  /** The tracker's interface, to which a part may add. */
  readonly _methods: Methods;
  /** Does what somebody called: now if a person sees the page, else once one does, and never with Global Privacy Control on. Safely. */
  _call: (work: () => void) => void;
  /** Whether the site wants this captured; see {@link Options.auto}. */
  _wants: (name: Auto) => boolean;
  /** The page at hand. */
  _page: Page;
  /** Records an event of it. @param worth see `Sender` in sender.ts; default 1 */
  _record: (collection: string, details: Details, worth?: number) => void;
  /**
   * Begins the next page.
   * @param view whether it is counted; default: if the site wants it
   * @param p properties of the view
   * @param href default: the address at hand
   */
  _enter: (view?: boolean, p?: unknown, href?: string) => void;
  /** What an address says of its page. */
  _locate: (href: string) => Pick<Page, "u" | "r">;
  /** What was measured of the page at hand since the last call, as increments that can be summed. Undefined: nothing worth an event. */
  _measure: () => Details | undefined;
}

/** What the part `elements` gives to the parts that look at elements; it stands before those. */
interface ElementHelpers {
  /**
   * Listens to events as `listen` in dom.ts does.
   * @param handler is given the elements of the event, innermost first, those inside open shadow roots included
   * @returns the listener
   */
  _on: (types: string, handler: (event: Event, path: readonly Element[]) => void) => (event: Event) => void;
  /**
   * The attribute `name` under "", and those that go on after it (`name-…`) by the rest of their names. Also of a form with a field of
   * the name "attributes": a field stands before the form's own properties.
   */
  _attributes: (element: Element, name: string) => Record<string, string>;
  /** A URL without query and fragment; empty for what is no page. */
  _bare: (href: string) => string;
  /**
   * Where the innermost link leads, of HTML or of a drawing, likewise; empty without one, and for an event that follows none, as a click
   * that opens the context menu.
   */
  _link: (event: Event, path: readonly Element[]) => string;
  /** Records what was clicked, submitted or copied, if it is known and the site wants it captured. */
  _report: (wanted: Auto, collection: string, x: string) => void;
}

export type Kit = BareKit & ElementHelpers;

/** The methods of the tracker's interface. Arguments come from untyped pages, and may be anything. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Methods = Record<string, (...args: any[]) => unknown>;

/**
 * One thing that a script can capture beside pages, events and engaged time. Called at once, before anything may be looked at; what it
 * returns is called when a person first sees the page, before the first view.
 */
export type Part = (kit: Kit) => () => void;
