import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Certificate } from "../gateway/certificate.ts";
import type { GatewayRequest } from "../http-api/event.ts";
import type { HttpAnswer } from "../http-api/http-api.ts";

/** A port on loopback that browsers can ask. */
export interface FrontDoor {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param sourceIp who every viewer is said to be: loopback's own address means no visitor
 * @param certificate of `localhost`, where browsers are to come over TLS as they do to CloudFront. Default: plain
 */
export async function openFrontDoor(
  answer: (request: GatewayRequest) => Promise<HttpAnswer>,
  sourceIp: string,
  certificate?: Pick<Certificate, "key" | "cert">,
): Promise<FrontDoor> {
  const listener: RequestListener = (request, response) => {
    void buffer(request)
      .then((body) =>
        answer({
          method: request.method ?? "GET",
          target: request.url ?? "/",
          headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
          body,
          sourceIp,
        }),
      )
      .then(({ status, headers, cookies, body }) => {
        response.writeHead(status, { ...headers, ...(cookies.length > 0 && { "set-cookie": [...cookies] }) }).end(body);
      })
      .catch((error: unknown) => response.writeHead(502).end(String(error)));
  };
  const server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
