import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type TlsOptions } from "node:tls";
import { connect, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createProduct } from "../product/server-process.ts";
import { createProjects, type ProjectKeys } from "../product/tenants.ts";
import { makeCertificate } from "../rehearse/run/gateway/certificate.ts";
import { freePort } from "../servers/server.ts";
import { COLLECTION, PURCHASES } from "./events.ts";

/** The name that clients which know nothing but https on port 443 are given. */
export const TLS_HOST = "keen.test";

/** The product, as `npm start` runs it, with the purchases in it. */
export interface Stage {
  readonly keys: ProjectKeys;
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** In front of the same server, under a certificate for {@link TLS_HOST}. */
  readonly tls: { readonly port: number; readonly cert: string; readonly file: string };
  /** What the store has of a collection, once it has at least so many; what it has after five seconds otherwise. */
  rows(collection: string, least: number): Promise<Record<string, unknown>[]>;
  /** A collection that nobody else uses. */
  collection(what: string): string;
}

/** Opens it for as long as `stack` lives. */
export async function openStage(stack: AsyncDisposableStack): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-compat-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const data = join(folder, "data");
  const [keys] = await createProjects(data, ["Shop"]);
  if (!keys) throw new Error("There is no project.");
  const port = await freePort();
  const product = createProduct({ folder: data, port, logFile: join(folder, "log") });
  await product.start();
  stack.defer(() => product.kill());

  const certificate = await makeCertificate(folder, [TLS_HOST, "localhost"]);
  const proxy = tlsProxy(certificate, port);
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  stack.defer(() => void proxy.close());

  const project = `${product.url}/3.0/projects/${keys.project}`;
  let collections = 0;
  const stage: Stage = {
    keys,
    port,
    url: product.url,
    tls: { port: (proxy.address() as AddressInfo).port, cert: certificate.cert, file: certificate.file },
    async rows(collection, least) {
      for (let tries = 0; ; tries++) {
        const query = new URLSearchParams({ event_collection: collection, api_key: keys.readKey });
        const answer = await fetch(`${project}/queries/extraction?${query.toString()}`);
        const { result = [] } = (await answer.json()) as { result?: Record<string, unknown>[] };
        if (result.length >= least || tries === 50) return result;
        await delay(100);
      }
    },
    collection: (what) => `${what}-${++collections}`,
  };
  const recorded = await fetch(`${project}/events`, {
    method: "POST",
    headers: { authorization: keys.writeKey },
    body: JSON.stringify({ [COLLECTION]: PURCHASES }),
  });
  const stored = await stage.rows(COLLECTION, PURCHASES.length);
  if (!recorded.ok || stored.length !== PURCHASES.length) throw new Error("The purchases were not stored.");
  return stage;
}

/** What some clients cannot do without: TLS. Everything behind it is as it came. */
function tlsProxy({ key, cert }: TlsOptions, port: number) {
  return createServer({ key, cert }, (client) => {
    const server = connect(port, "127.0.0.1");
    client.pipe(server).pipe(client);
    client.on("error", () => server.destroy());
    server.on("error", () => client.destroy());
  });
}
