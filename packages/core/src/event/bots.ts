/** Why an event may be thought to be a bot's: the values of `$bot.reasons`, a closed list. */
export const BOT_REASONS = ["user-agent", "headless", "no-user-agent", "webdriver"] as const;

export type BotReason = (typeof BOT_REASONS)[number];
