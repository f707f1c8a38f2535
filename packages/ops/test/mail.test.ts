import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { isMailAddress, readSender } from "../src/mail/address.ts";
import { mailPage, mailText } from "../src/mail/page.ts";
import { createSesMailer } from "../src/mail/ses.ts";
import { createSmtpMailer } from "../src/mail/smtp.ts";
import { startMailReceiver } from "./mail-receiver.ts";

const FROM = readSender("Usage <reports@example.com>");
const MAIL = {
  to: "ada@example.com",
  subject: "Shop: daily report",
  text: "5 visitors\n",
  html: "<p>5 visitors</p>",
  unsubscribe: "https://stats.example/3.0/unsubscribe/abc",
};

async function receiver() {
  const mails = await startMailReceiver();
  onTestFinished(() => mails.close());
  return mails;
}

test("a mail arrives with both parts, and with what a mail program unsubscribes by", async () => {
  const server = await receiver();
  const mailer = createSmtpMailer({ url: server.url, from: FROM });
  expect(await mailer.send(MAIL)).toEqual({ kind: "sent" });
  const [{ to, raw } = { to: [], raw: "" }] = server.mails;
  expect(to).toEqual(["ada@example.com"]);
  expect(raw).toMatch(/^From: Usage <reports@example.com>\r$/m);
  expect(raw).toMatch(/^Content-Type: multipart\/alternative/m);
  expect(raw).toMatch(/^Content-Type: text\/plain/m);
  expect(raw).toMatch(/^Content-Type: text\/html/m);
  expect(raw.replaceAll(/\r\n\s/g, " ")).toMatch(
    /^List-Unsubscribe: <https:\/\/stats.example\/3.0\/unsubscribe\/abc>\r$/m,
  );
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
});

test("nothing that somebody put into a name becomes a header, or a second recipient", async () => {
  const server = await receiver();
  const mailer = createSmtpMailer({ url: server.url, from: FROM });
  const subject = "Shop\r\nBcc: eve@example.com\r\n\r\nhello\u2028there";
  expect(await mailer.send({ ...MAIL, subject })).toEqual({ kind: "sent" });
  const [{ to, raw } = { to: [], raw: "" }] = server.mails;
  expect(to).toEqual(["ada@example.com"]);
  expect(raw).not.toMatch(/^Bcc:/im);
  expect(raw).toMatch(/^Subject: Shop Bcc: eve@example.com hello there\r$/m);
});

test.each([
  "ada",
  "ada@example",
  "ada@example.com, eve@example.com",
  "Ada <ada@example.com>",
  "ada@example.com\r\nBcc: eve@example.com",
  '"a b"@example.com',
  "ada@-example.com",
  `${"a".repeat(65)}@example.com`,
  `a@${"b".repeat(60)}.${"c".repeat(250)}.com`,
  "ädä@example.com",
])("%j is no address", (text) => expect(isMailAddress(text)).toBe(false));

test("addresses that are ones", () => {
  for (const address of ["ada@example.com", "a.b+c_d@mail.example.co.uk", "o'neil@example.org"])
    expect(isMailAddress(address)).toBe(true);
  expect(() => readSender("Usage <reports@example.com>\nBcc: a@example.com")).toThrow(/MAIL_FROM/);
});

test("a mailbox that is none is refused for good; a server that is full, down or silent may take it later", async () => {
  const server = await receiver();
  const mailer = createSmtpMailer({ url: server.url, from: FROM });
  server.refuseNext("RCPT", 550);
  expect(await mailer.send(MAIL)).toMatchObject({ kind: "refused", reason: expect.stringContaining("550") });
  server.refuseNext("RCPT", 452);
  expect(await mailer.send(MAIL)).toMatchObject({ kind: "unavailable", reason: expect.stringContaining("452") });
  server.refuseNext("DATA", 554);
  expect(await mailer.send(MAIL)).toMatchObject({ kind: "refused" });
  server.refuseNext("DATA", 421);
  expect(await mailer.send(MAIL)).toMatchObject({ kind: "unavailable" });
  server.hush(true);
  const impatient = createSmtpMailer({ url: server.url, from: FROM, budgetMs: 300 });
  expect(await impatient.send(MAIL)).toMatchObject({ kind: "unavailable" });
  const nobody = createSmtpMailer({ url: "smtp://127.0.0.1:1", from: FROM });
  expect(await nobody.send(MAIL)).toMatchObject({
    kind: "unavailable",
    reason: expect.stringContaining("ECONNREFUSED"),
  });
  expect(server.mails).toEqual([]);
});

test("a password goes over TLS alone, but to this machine", async () => {
  const [here, elsewhere] = [await startMailReceiver(), await startMailReceiver(0, "127.0.0.2")];
  onTestFinished(async () => void (await Promise.all([here.close(), elsewhere.close()])));
  const withPassword = ({ url }: { url: string }) =>
    createSmtpMailer({ url: url.replace("smtp://", "smtp://ada:secret@"), from: FROM });
  expect(await withPassword(here).send(MAIL)).toEqual({ kind: "sent" });
  expect(here.logins).toEqual(["ada"]);
  // It has no TLS: a server that should have it, and somebody in between who took it away, look like this.
  const refused = await withPassword(elsewhere).send(MAIL);
  expect(refused).toMatchObject({ kind: "unavailable" });
  expect(elsewhere.logins).toEqual([]);
  expect(JSON.stringify(refused)).not.toContain("secret");
});

/** SES, as far as one request goes. */
async function startSes(status: number, type: string) {
  const requests: { url: string | undefined; headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      requests.push({ url: request.url, headers: request.headers, body });
      response.writeHead(status, { "x-amzn-ErrorType": type }).end(JSON.stringify({ MessageId: "m" }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "s" };
  return {
    requests,
    mailer: createSesMailer({ from: { ...FROM, name: "Übersicht" }, region: "eu-west-1", credentials, url }),
  };
}

test("SES gets one signed SendEmail, whose headers it writes itself", async () => {
  const { requests, mailer } = await startSes(200, "");
  expect(await mailer.send({ ...MAIL, subject: "a\r\nBcc: eve@example.com" })).toEqual({ kind: "sent" });
  const [request] = requests;
  expect(request?.url).toBe("/v2/email/outbound-emails");
  expect(request?.headers["authorization"]).toMatch(/Credential=AKIA\/\d{8}\/eu-west-1\/ses\/aws4_request/);
  expect(JSON.parse(request?.body ?? "")).toMatchObject({
    FromEmailAddress: "=?UTF-8?B?w5xiZXJzaWNodA==?= <reports@example.com>",
    Destination: { ToAddresses: ["ada@example.com"] },
    Content: {
      Simple: {
        Subject: { Data: "a Bcc: eve@example.com" },
        Headers: [{ Name: "List-Unsubscribe" }, { Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click" }],
      },
    },
  });
});

test.each([
  [400, "MessageRejected", "refused"],
  [400, "MailFromDomainNotVerifiedException", "unavailable"],
  [400, "AccountSuspendedException", "unavailable"],
  [429, "TooManyRequestsException", "unavailable"],
  [403, "AccessDeniedException", "unavailable"],
  [500, "InternalServiceErrorException", "unavailable"],
])("SES that answers %i %s: %s", async (status, type, kind) => {
  const { mailer } = await startSes(status, type);
  expect(await mailer.send(MAIL)).toMatchObject({ kind, reason: expect.stringContaining(type) });
});

test("what comes from outside is text in a mail, whatever it looks like", () => {
  const frame = {
    heading: "<script>alert(1)</script>",
    lead: "a & b",
    notes: ["<img src=x>"],
    link: { href: 'https://stats.example/?a="b"&c', text: "Open" },
    footer: "f",
    unsubscribe: undefined,
  };
  const html = mailPage(frame, "");
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('href="https://stats.example/?a=&quot;b&quot;&amp;c"');
  expect(mailText(frame, "")).toContain("a & b");
});
