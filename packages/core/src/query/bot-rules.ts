import { BOT_REASONS, type BotReason } from "../event/bots.ts";
import { all, type Filter } from "./filter.ts";

/**
 * What a project says of bots, in place of the label that its events were stored with. Applied to questions, so that it holds for all
 * of history at once, and can be taken back.
 */
export interface BotRules {
  /** Reasons that make nobody a bot here: `no-user-agent`, where devices send that have none. */
  readonly ignore: readonly BotReason[];
  /** Also bots, whatever their agent says: events that have all values of one of these, by field (a monitor of one's own, the office). */
  readonly also: readonly Readonly<Record<string, string | number | boolean>>[];
}

/** Which events are bots', by what was stored of them and by the project's rules. */
export function isBotFilter({ ignore, also }: BotRules): Filter<string> {
  const reasons = BOT_REASONS.filter((reason) => !ignore.includes(reason));
  const labelled: Filter<string> =
    ignore.length === 0
      ? { kind: "eq", field: "$bot.is", value: true }
      : { kind: "in", field: "$bot.reasons", values: reasons };
  const others = also.map((values) =>
    all(...Object.entries(values).map(([field, value]): Filter<string> => ({ kind: "eq", field, value }))),
  );
  return others.length === 0 ? labelled : { kind: "any", of: [labelled, ...others] };
}
