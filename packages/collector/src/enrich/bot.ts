import type { Step } from "./enrichment.ts";
import type { UserAgents } from "./user-agent.ts";

/**
 * The bot label: dropped is never anything, so that nobody has to argue with a filter that cannot be undone. Reasons:
 * - `user-agent`: it names itself a bot, a crawler, a monitor or an HTTP library.
 * - `headless`: a browser that a program drives.
 * - `no-user-agent`: a web request without the header; every browser sends one.
 *
 * Reasons that ingest found (a browser that says it is automated) are kept. `bot_is` is always set, so that leaving bots out
 * never leaves out events nobody judged.
 */
export function bot(userAgents: UserAgents): Step {
  return {
    name: "bot",
    apply({ raw, context }) {
      const reasons = new Set(context.bot_reasons);
      if (raw.userAgent) {
        const agent = userAgents(raw.userAgent);
        if (agent.isBot) reasons.add("user-agent");
        if (agent.isAutomated) reasons.add("headless");
      } else if (raw.ip !== undefined || raw.url !== undefined) reasons.add("no-user-agent");
      context.bot_is = reasons.size > 0;
      context.bot_reasons = [...reasons];
    },
  };
}
