import type { Call, Incoming } from "../calls/call.ts";

/** A mail as SES was handed it. */
interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface SendEmail {
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly Content: {
    readonly Simple: {
      readonly Subject: { readonly Data: string };
      readonly Body: { readonly Text: { readonly Data: string } };
      readonly Headers: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** What SES took, for whoever reads a mail as its receiver would: the emulator keeps less of it. */
export interface Mails {
  readonly taken: readonly Mail[];
  note(call: Call, incoming: Incoming, status: number): void;
}

export function createMails(): Mails {
  const taken: Mail[] = [];
  return {
    taken,
    note({ service, operation }, { body }, status) {
      if (service !== "ses" || operation !== "SendEmail" || status !== 200) return;
      const { Destination, Content } = JSON.parse(Buffer.from(body).toString("utf8")) as SendEmail;
      const { Subject, Body, Headers } = Content.Simple;
      taken.push({
        to: Destination.ToAddresses,
        subject: Subject.Data,
        text: Body.Text.Data,
        headers: Object.fromEntries(Headers.map(({ Name, Value }) => [Name, Value])),
      });
    },
  };
}
