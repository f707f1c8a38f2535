import { request } from "node:https";
import { text } from "node:stream/consumers";
import { signatureOf } from "../sigv4/signature.ts";
import type { Session } from "./credentials.ts";

/** Calls a service in a role's name, as Lambda itself does for its functions: logs, and the messages it fetches. */
export type SignedCall = (session: Session, call: JsonCall) => Promise<Readonly<Record<string, unknown>>>;

interface JsonCall {
  /** The service's signing name, which is also the first part of its host. */
  readonly service: string;
  /** `AmazonSQS.ReceiveMessage` */
  readonly target: string;
  readonly body: object;
}

/** @param through the gateway */
export function createSignedCall(through: { readonly port: number; readonly ca: string }, region: string): SignedCall {
  return (session, { service, target, body }) => {
    const at = new Date(Date.now() + session.aheadMs).toISOString().replace(/[-:]|\.\d+/g, "");
    const content = Buffer.from(JSON.stringify(body));
    const host = `${service}.${region}.amazonaws.com`;
    const headers = {
      host,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-date": at,
      "x-amz-security-token": session.sessionToken,
      "x-amz-target": target,
    };
    const signed = Object.keys(headers).sort();
    const scope = { accessKeyId: session.accessKeyId, date: at.slice(0, 8), region, service };
    const signature = signatureOf(
      { method: "POST", target: "/", headers, body: content },
      signed,
      scope,
      session.secretAccessKey,
    );
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${session.accessKeyId}/${scope.date}/${region}/${service}/aws4_request, ` +
      `SignedHeaders=${signed.join(";")}, Signature=${signature}`;
    return new Promise((resolve, reject) => {
      const out = request(
        {
          host: "127.0.0.1",
          port: through.port,
          servername: host,
          ca: through.ca,
          method: "POST",
          path: "/",
          headers: { ...headers, authorization, "content-length": content.length },
        },
        (reply) => {
          text(reply).then((answer) => {
            // Logs answers some calls with nothing.
            if (reply.statusCode === 200) resolve(JSON.parse(answer || "{}") as Readonly<Record<string, unknown>>);
            else reject(new Error(`${target}: ${reply.statusCode} ${answer}`));
          }, reject);
        },
      );
      out.on("error", reject);
      out.end(content);
    });
  };
}
