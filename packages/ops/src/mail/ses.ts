import { span, TIME_BUDGETS } from "@millrace/core";
import { AwsClient } from "aws4fetch";
import type { Delivered } from "../notify/delivered.ts";
import type { Sender } from "./address.ts";
import { subjectLine, unsubscribeHeaders, type Mailer } from "./mailer.ts";

export interface SesOptions {
  readonly from: Sender;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Another server than AWS's own (tests and the rehearsal), without a slash at the end. */
  readonly url?: string | undefined;
}

/** Errors of SES that are about this mail or mailbox; all others are about the account, and pass, or are put right. */
const OF_THE_MAIL = ["MessageRejected", "BadRequestException"];

/**
 * Mail by Amazon SES: SendEmail of its API v2, signed by the library that signs for S3 (s3/request.ts says why it is not Amazon's client).
 * SES builds the message, so that no header is put together here.
 */
export function createSesMailer({ from, region, credentials, url }: SesOptions): Mailer {
  const client = new AwsClient({ ...credentials, region, service: "ses", retries: 0 });
  const address = `${url ?? `https://email.${region}.amazonaws.com`}/v2/email/outbound-emails`;
  return {
    send: ({ to, subject, text, html, unsubscribe }) =>
      span("ses.send", undefined, async (): Promise<Delivered> => {
        const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
        const headers = Object.entries(unsubscribeHeaders(unsubscribe));
        const body = JSON.stringify({
          FromEmailAddress: `${encodedName(from.name)} <${from.address}>`,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: utf8(subjectLine(subject)),
              Body: { Text: utf8(text), Html: utf8(html) },
              Headers: headers.map(([Name, Value]) => ({ Name, Value })),
            },
          },
        });
        try {
          const answer = await client.fetch(address, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body,
            signal: AbortSignal.timeout(TIME_BUDGETS.mail),
          });
          return answer.ok ? { kind: "sent" } : failure(answer.status, answer.headers, await answer.text());
        } catch {
          return { kind: "unavailable", reason: "SES could not be reached.", retryAfterMs: undefined };
        }
      }),
  };
}

/** A display name: as it is where it is plain, else as an encoded word (RFC 2047), which SES wants of its caller. */
function encodedName(name: string): string {
  return /^[\w .-]+$/.test(name) ? name : `=?UTF-8?B?${Buffer.from(name).toString("base64")}?=`;
}

function failure(status: number, headers: Headers, text: string): Delivered {
  const [code = ""] = (headers.get("x-amzn-errortype") ?? "").split(":");
  const said = `${status} ${code} ${text.replaceAll(/\s+/g, " ").slice(0, 150)}`.trim();
  if (status < 500 && OF_THE_MAIL.includes(code)) return { kind: "refused", reason: `SES refused it (${said}).` };
  return { kind: "unavailable", reason: `SES did not take it (${said}).`, retryAfterMs: undefined };
}
