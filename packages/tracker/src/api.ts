/** What can be captured without code; see {@link Options.auto}. */
export type Auto = "page" | "outbound" | "tag" | "engagement";

/** How a tracker is set up. The script tag reads the same values from its `data-*` attributes. */
export interface Options {
  /** The project's write key. It may be public: it can record events and nothing else. */
  key: string;
  /** Where batches are posted: an absolute URL, normally ending in `/v1/e`. */
  endpoint: string;
  /** What to capture automatically. Default: everything. */
  auto?: readonly Auto[];
}

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
  /** Records a view of the current page by hand, for when `page` is not in `auto`. */
  page(properties?: Properties): void;
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
}
