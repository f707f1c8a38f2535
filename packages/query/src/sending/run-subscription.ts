import { grantOfEmbed } from "@millrace/access";
import { dateIn, parseZone } from "@millrace/core";
import type { Standing, Subscription } from "@millrace/ops";
import { readEmbedClaims } from "../embeds/read-claims.ts";
import { sendReport } from "./run-report.ts";
import { forget, type SendingDeps, type Turn } from "./turn.ts";

/**
 * A report that a viewer asked for: what their token showed, asked under its forced filters and held to its panels, as the page asks. It names no
 * project and no customer, for the page does not either.
 */
export async function runSubscription(deps: SendingDeps, turn: Turn): Promise<Standing | undefined> {
  const { project, kept } = turn;
  const subscription = await deps.sending.subscriptions.get(project.id, kept.standing.subject.name);
  if (!subscription || !(await isTokenGood(deps, project.id, subscription))) return forget(deps, turn);
  const { rules, ...own } = readEmbedClaims(subscription.claims);
  const { expiresAt, timezone, every, address } = subscription;
  const embed = { id: subscription.tokenId, ...own, rules: { ...rules, endsAt: expiresAt } };
  const ends = dateIn(parseZone(timezone), expiresAt);
  return sendReport(deps, turn, {
    timing: subscription,
    timezone,
    grant: grantOfEmbed(project, embed, ["view"]),
    targets: [{ kind: "mail", address }],
    words: () => ({
      heading: "",
      title: every === "daily" ? "Daily usage report" : "Weekly usage report",
      locale: rules.locale ?? "en-GB",
      timezone,
    }),
    footer: `You asked for this report. It ends by itself on ${ends}.`,
  });
}

/** Ended where its token or secret was revoked: the second wall behind the one that ends it at once. */
async function isTokenGood({ embedKeys }: SendingDeps, project: string, { keyId, tokenId }: Subscription) {
  const [key, isRevoked] = await Promise.all([embedKeys.find(project, keyId), embedKeys.isRevoked(project, tokenId)]);
  return key !== undefined && !isRevoked;
}
