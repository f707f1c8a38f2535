/** What can be captured without code; see {@link Options.auto}. */
export type Auto =
  "page" | "engagement" | "scroll" | "tag" | "outbound" | "download" | "copy" | "form" | "widget" | "vitals" | "errors";

/** An event as {@link Options.beforeSend} sees it. */
export interface Draft {
  name: string;
  /** Of its page, as it would be sent; what a hook makes of it holds for the page's later events too. */
  url: string;
  properties: Properties | undefined;
}

/** How a tracker is set up. The script tag reads the same values from its `data-*` attributes. */
export interface Options {
  /** The project's write key. It may be public: it can record events and nothing else. */
  key: string;
  /** Where batches are posted: an absolute URL, normally ending in `/v1/e`. */
  endpoint: string;
  /** What to capture automatically, also as one text with commas. Default: everything that the script's parts can. */
  auto?: readonly Auto[] | string;
  /** Query parameters that tell pages apart (`"p,id"`): part of the page's path from then on. Default: none. */
  query?: string;
  /** Whether the fragment is a route (`#/cart`), and part of the page's path. Default: false. */
  hash?: boolean;
  /** Counts the page that `<link rel="canonical">` names in place of the address that was loaded. Default: false. */
  canonical?: boolean;
  /** Leaves this page load out: the site's own switch, for its staff. Default: false. */
  off?: boolean;
  /** Origins whose frames may report widgets (`"https://a.example,https://b.example"`). Default: none. */
  frames?: string;
  /**
   * Sees every event before it is kept: what it returns is recorded, and nothing when that is null or when it throws.
   * Default: every event as it is.
   */
  beforeSend?: (event: Draft) => Draft | null | undefined;
}

/** Whether a switch is on: an attribute without a value is, and what says "false" is not. */
export const isOn = (setting?: string | boolean | null): boolean => `${setting ?? false}` !== "false";

/** Custom properties of an event: anything that survives JSON. */
export type Properties = Record<string, unknown>;

/** The custom events of a project by name, each with the type of its properties. */
export type EventMap = Record<string, Properties>;

/** Properties may be left out when none of them is required. */
type PropertiesArgument<P> = Partial<P> extends P ? [properties?: P] : [properties: P];

/**
 * The tracker's interface. No method ever throws into the page: a mistake is reported with `console.warn`.
 *
 * @typeParam Events names the project's events, so that a misspelt name or property does not compile:
 * `init<{ signup: { plan: string } }>(…)`. Without it every name and every property is allowed.
 */
export interface Millrace<Events extends EventMap = EventMap> {
  /** Records a custom event. `properties` are copied at once: later changes do not reach the event. */
  track<Name extends keyof Events & string>(name: Name, ...properties: PropertiesArgument<Events[Name]>): void;
  /**
   * Records a view by hand, for when `page` is not in `auto`.
   * @param url of the page, absolute or relative; without it the address at hand
   */
  page(properties?: Properties): void;
  page(url: string, properties?: Properties): void;
  /**
   * Attaches a stable user id to everything not yet sent and to all later events of this page load; without an argument, ends
   * that. Only call it with the visitor's consent: nothing is kept in the browser, but the id links days.
   */
  identify(id?: string): void;
  /** Sends everything now. Resolves when the attempts are over, also when they failed (they are repeated later). Never rejects. */
  flush(): Promise<void>;
  /** Discards what is not yet sent and records nothing more in this page load. */
  optOut(): void;
  /** Ends {@link optOut} and counts the current page as a new view. */
  optIn(): void;
  /**
   * Names a widget (a poll, a chat, a map), which counts as shown from then on. The part `widgets` has it.
   * @param id the same on every page; nothing has to be set up for it before
   */
  widget(id: string, options?: WidgetOptions): Widget;
}

/** What a widget's own code may say of it. What the tracker notices by itself it says once for each widget; every call is recorded. */
export interface Widget {
  /** Ready to be used: the time since the widget was first known is its load time. */
  loaded(properties?: Properties): void;
  interacted(properties?: Properties): void;
  converted(properties?: Properties): void;
  failed(properties?: Properties): void;
}

export interface WidgetOptions {
  version?: string;
  placement?: string;
  /** Where it is on the page: without it nobody can tell when it is seen. */
  element?: Element;
}
