import type { Delivered } from "./delivered.ts";
import { postJson, type PostOptions } from "./post.ts";
import { NO_MAIL, type Mailer } from "../mail/mailer.ts";
import type { MailBody } from "../mail/page.ts";
import type { SlackMessage } from "./slack-text.ts";
import type { Target } from "./targets.ts";

/** The same news in each form that a target may want. */
export interface News {
  readonly slack: () => SlackMessage;
  readonly json: () => object;
  /** @param unsubscribe address that ends such mail, where there is one */
  readonly mail: (unsubscribe: string | undefined) => MailBody;
}

export interface Ways {
  /** Absent: this installation sends no mail. */
  readonly mailer?: Mailer | undefined;
  readonly post?: PostOptions;
}

/** Sends news to one target. @param unsubscribe makes the address that ends such mail, where a mail is sent. Default: it has none */
export async function sendTo(
  { mailer, post }: Ways,
  target: Target,
  news: News,
  unsubscribe?: (address: string) => Promise<string>,
): Promise<Delivered> {
  if (target.kind !== "mail")
    return postJson(target.webhook, target.kind === "slack" ? news.slack() : news.json(), post);
  if (!mailer) return { kind: "refused", reason: NO_MAIL };
  const link = await unsubscribe?.(target.address);
  return mailer.send({ to: target.address, unsubscribe: link, ...news.mail(link) });
}
