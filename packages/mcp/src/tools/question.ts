/** How to get a shorter answer to a question. */
export const NARROW =
  "Ask again with a smaller limit, fewer group_by properties, a longer interval, filters or a shorter timeframe.";

/** People are meant unless machines are asked for: the API itself counts every event, as Keen did. */
export function withoutBots<Q extends object>(question: Q): Q & { readonly bots: unknown } {
  return { bots: "exclude", ...question };
}
