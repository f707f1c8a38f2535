import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server that takes mail over real SMTP and keeps it. */
export interface MailReceiver {
  /** For `SMTP_URL`. */
  readonly url: string;
  /** What was taken, as it came over the wire, oldest first. */
  readonly mails: readonly { readonly to: readonly string[]; readonly raw: string }[];
  /** Names that somebody signed in with. */
  readonly logins: readonly string[];
  /** Answers the next commands of this kind so, instead of taking them. */
  refuseNext(command: "RCPT" | "DATA", status: number, times?: number): void;
  /** Accepts connections and says nothing. */
  hush(isHushed: boolean): void;
  close(): Promise<void>;
}

/** @param port default: a free one */
export async function startMailReceiver(port = 0, host = "127.0.0.1"): Promise<MailReceiver> {
  const mails: { to: string[]; raw: string }[] = [];
  const refusals: { command: string; status: number }[] = [];
  const logins: string[] = [];
  let hushed = false;
  const refusal = (command: string) => {
    const index = refusals.findIndex((each) => each.command === command);
    const [found] = index < 0 ? [] : refusals.splice(index, 1);
    return found && Object.assign(new Error("not now, said the receiver"), { responseCode: found.status });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onConnect: (_session, done) => {
      if (!hushed) done();
    },
    onAuth: ({ username = "" }, _session, done) => {
      logins.push(username);
      done(null, { user: username });
    },
    onRcptTo: (_address, _session, done) => done(refusal("RCPT")),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const refused = refusal("DATA");
        const to = session.envelope.rcptTo.map(({ address }) => address);
        if (!refused) mails.push({ to, raw: Buffer.concat(parts).toString() });
        done(refused);
      });
    },
  });
  server.on("error", () => {});
  server.listen(port, host);
  await once(server.server, "listening");
  return {
    url: `smtp://${host}:${(server.server.address() as AddressInfo).port}`,
    mails,
    logins,
    refuseNext: (command, status, times = 1) => {
      for (let n = 0; n < times; n++) refusals.push({ command, status });
    },
    hush: (isHushed) => void (hushed = isHushed),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
