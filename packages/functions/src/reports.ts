import {
  createAccess,
  createCatalogue,
  createEmbeds,
  createRegistryShares,
  createRegistryVersions,
  systemClock,
  systemRandom,
} from "@millrace/access";
import { fairSource, TIME_BUDGETS } from "@millrace/core";
import { label, monitor, type InvocationContext } from "@millrace/monitor";
import { createSending, readSender, type Mailer } from "@millrace/ops";
import { createSesMailer } from "@millrace/ops/mail/ses";
import { createSmtpMailer } from "@millrace/ops/mail/smtp";
import { createAnswers, createStored, readEmbedClaims, sendDue } from "@millrace/query";
import { randomUUID } from "node:crypto";
import { linkedSecret, optionalSetting, setting } from "./config.ts";
import { createDeadCounts } from "./dead-letters/dead-counts.ts";
import { openLedger } from "./ledger.ts";
import { openGroups } from "./registry/groups.ts";
import { openRegistry } from "./registry/open-registry.ts";
import { roleCredentials } from "./role.ts";
import { openStore } from "./store.ts";

const clock = systemClock;
const { registry, counters } = openRegistry(TIME_BUDGETS.registryInBackground);
const store = openStore(clock, registry);
const access = createAccess({ registry, clock, random: systemRandom });
const deps = {
  access,
  audit: access.audit,
  embedKeys: createEmbeds({ registry, clock, random: systemRandom, readClaims: readEmbedClaims }).keys,
  source: fairSource(store, { atOnce: 4 }),
  catalogue: createCatalogue({ registry, clock, groups: openGroups(registry, clock) }),
  ledger: openLedger({ store, counters, dead: createDeadCounts(registry), registry }),
  clock,
  stored: createStored({ registry, clock }),
  versions: createRegistryVersions({ registry, clock }),
  shares: createRegistryShares({ registry, clock, newId: randomUUID }),
  answers: createAnswers({ clock, maxBytes: 8_000_000 }),
  sending: createSending({ registry, clock, random: systemRandom }),
  ways: { mailer: openMailer() },
  publicUrl: () => setting("PUBLIC_URL"),
};

/** Of a report that was begun, its questions and one mail: what is left when nothing more is begun. */
const LAST_MS = 60_000;

/** Somebody waits for a report, and nothing else would say so. */
class NotSent extends Error {
  override readonly name = "NotSent";
}

/** Every ten minutes: reports and watches that are due. A run in which one failed for good, or has failed for half an hour, fails: that is an alarm. */
export const handler = monitor(
  async (_event: unknown, context: Required<InvocationContext>) => {
    const deadline = clock.now() + context.getRemainingTimeInMillis() - LAST_MS;
    const { done, failed, late, left } = await sendDue(deps, await access.projects.list(), { deadline });
    label("reports.done", done);
    label("reports.failed", failed);
    label("reports.late", late);
    label("reports.left", left);
    if (failed + late > 0)
      throw new NotSent(`${failed} reports or watches failed, ${late} are late. npm run ops -- reports says why.`);
  },
  { name: "reports", source: () => ({ kind: "schedule", name: "reports" }) },
);

function openMailer(): Mailer | undefined {
  const text = optionalSetting("MAIL_FROM");
  if (text === undefined) return undefined;
  const from = readSender(text);
  const url = linkedSecret("SmtpUrl");
  if (url !== "off") return createSmtpMailer({ url, from });
  return createSesMailer({
    from,
    region: setting("AWS_REGION"),
    credentials: roleCredentials(),
    url: optionalSetting("SES_URL"),
  });
}
