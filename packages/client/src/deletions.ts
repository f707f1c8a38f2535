import type { CallOptions, SendWith } from "./call.ts";
import type { Filter, TimeframeParameter } from "./common-parameters.ts";

/** Which events of a collection: those of a time, those that pass filters, or both. Never none: that is {@link DeletionsClient.collection}. */
export type DeleteEvents =
  | {
      readonly timeframe: TimeframeParameter;
      readonly timezone?: string | number;
      readonly filters?: readonly Filter[];
    }
  | { readonly filters: readonly Filter[]; readonly timeframe?: never; readonly timezone?: never };

export interface DeletionAnswer {
  /** False: what is still stored goes within minutes. Either way none of the events comes back. */
  readonly complete: boolean;
  /** How many were deleted so far; absent when it is complete. */
  readonly deleted?: number;
}

/** Deletes what was recorded, for good. Every method needs the master key. */
export interface DeletionsClient {
  /** At most 50,000 where there are filters. */
  events(collection: string, which: DeleteEvents, options?: CallOptions): Promise<DeletionAnswer>;
  /** All of its events, also those still on their way. */
  collection(collection: string, options?: CallOptions): Promise<DeletionAnswer>;
  /**
   * A property, by its dotted path, and what lies below it: the events received until now stay, without it. `deleted` counts the
   * events that have lost it.
   */
  property(collection: string, property: string, options?: CallOptions): Promise<DeletionAnswer>;
}

export function deletions(send: SendWith): DeletionsClient {
  const remove = async (collection: string, rest: string, options?: CallOptions): Promise<DeletionAnswer> => {
    const answer = await send("DELETE", `/events/${encodeURIComponent(collection)}${rest}`, options);
    return (answer as DeletionAnswer | undefined) ?? { complete: true };
  };
  return {
    events(collection, { timeframe, timezone, filters }, options) {
      const query = new URLSearchParams();
      if (timeframe !== undefined) query.set("timeframe", JSON.stringify(timeframe));
      if (timezone !== undefined) query.set("timezone", String(timezone));
      if (filters !== undefined) query.set("filters", JSON.stringify(filters));
      return remove(collection, `?${query.toString()}`, options);
    },
    collection: (collection, options) => remove(collection, "", options),
    property: (collection, property, options) =>
      remove(collection, `/properties/${encodeURIComponent(property)}`, options),
  };
}
