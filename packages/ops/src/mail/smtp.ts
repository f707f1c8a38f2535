import { span, TIME_BUDGETS, within } from "@millrace/core";
import { createTransport, type NodemailerError } from "nodemailer";
import type { Delivered } from "../notify/delivered.ts";
import type { Sender } from "./address.ts";
import { subjectLine, unsubscribeHeaders, type Mailer } from "./mailer.ts";

export interface SmtpOptions {
  /** `smtps://user:password@host:465`, or `smtp://…` with STARTTLS where the server has it. A secret. */
  readonly url: string;
  readonly from: Sender;
  /** Milliseconds for one mail. */
  readonly budgetMs?: number;
}

/**
 * Mail over SMTP, a connection each: reports come by the dozen, at hours that lie apart. A password is sent over TLS alone, except to this machine.
 * @throws Error when the address of the server is none
 */
export function createSmtpMailer({ url, from, budgetMs = TIME_BUDGETS.mail }: SmtpOptions): Mailer {
  const server = URL.canParse(url) ? new URL(url) : undefined;
  if (!server || !["smtp:", "smtps:"].includes(server.protocol))
    throw new Error("SMTP_URL must be an address such as smtps://user:password@smtp.example.com:465.");
  const secure = server.protocol === "smtps:";
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(server.hostname);
  const transport = createTransport({
    host: server.hostname.replace(/^\[|\]$/g, ""),
    port: Number(server.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && server.username !== "" && !isHere,
    ...(server.username !== "" && {
      auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) },
    }),
    connectionTimeout: budgetMs,
    greetingTimeout: budgetMs,
    socketTimeout: budgetMs,
    // What a mail is made of is text of ours: nothing in it may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: ({ to, subject, text, html, unsubscribe }) =>
      span("smtp.send", undefined, async (): Promise<Delivered> => {
        const mail = {
          from,
          to: { address: to, name: "" },
          subject: subjectLine(subject),
          text,
          html,
          headers: unsubscribeHeaders(unsubscribe),
        };
        try {
          await within(budgetMs, "The mail server", () => transport.sendMail(mail));
          return { kind: "sent" };
        } catch (thrown) {
          return failure(thrown as NodemailerError);
        }
      }),
  };
}

/** Refused for good is what the server says of this mail or mailbox. What it says of us (a wrong password) somebody may put right. */
function failure({ code, responseCode, response, message }: NodemailerError): Delivered {
  const said = (response ?? message).replaceAll(/\s+/g, " ").slice(0, 200);
  const isOfTheMail = code === "EENVELOPE" || code === "EMESSAGE";
  if (isOfTheMail && responseCode !== undefined && responseCode >= 500)
    return { kind: "refused", reason: `The mail server refused it (${said}).` };
  return { kind: "unavailable", reason: `The mail server did not take it (${said}).`, retryAfterMs: undefined };
}
