import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** S3's PutObject, GetObject and ListObjectsV2 on loopback. It keeps what is put, and refuses a wrong signature or content as S3 does. */
export interface S3Server {
  readonly url: string;
  /** Path without the slash at its start → content. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** The next `count` requests get this status and are not looked at; 0 breaks the connection. */
  failNext(count: number, status: number): void;
  close(): Promise<void>;
}

/** The keys of the functions in these tests (see lambda.ts). */
export const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  let failures = 0;
  let failure = 0;
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (failures > 0) {
      failures--;
      if (failure === 0) return void request.socket.destroy();
      return void response.writeHead(failure).end("<Error><Code>SlowDown</Code></Error>");
    }
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const code = await refusal(request, body);
    if (code !== undefined) return void response.writeHead(403).end(`<Error><Code>${code}</Code></Error>`);
    const url = new URL(request.url ?? "", "http://127.0.0.1");
    const key = url.pathname.slice(1);
    if (request.method === "PUT") objects.set(key, body);
    else if (url.searchParams.has("list-type")) return void response.end(listed(objects, key, url.searchParams));
    else if (!objects.has(key)) return void response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
    response.writeHead(200).end(request.method === "GET" ? objects.get(key) : undefined);
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    failNext(count, status) {
      failures = count;
      failure = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

/** Entries of one page. S3 gives 1,000; so few make tests turn pages. */
const PAGE = 3;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
function listed(objects: ReadonlyMap<string, Buffer>, bucket: string, query: URLSearchParams): string {
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const keys = [...objects.keys()]
    .map((key) => key.slice(bucket.length))
    .filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after)
    .sort();
  const page = keys.slice(0, PAGE);
  const contents = page.map(
    (key) => `<Contents><Key>${key}</Key><Size>${objects.get(bucket + key)?.length}</Size></Contents>`,
  );
  const next = keys.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
  return `<ListBucketResult>${contents.join("")}${next}</ListBucketResult>`;
}

/** S3's code for what is wrong with a request. The signature is made anew by Amazon's own signer, not by the one that signed. */
async function refusal(request: IncomingMessage, body: Buffer): Promise<string | undefined> {
  const { authorization = "" } = request.headers;
  const [, scope = "", names = ""] = /Credential=\w+\/([^,]+), ?SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const [, region = ""] = scope.split("/");
  const signed = names.split(";");
  const hash = String(request.headers["x-amz-content-sha256"]);
  if (!["GET", "PUT"].includes(request.method ?? "") || !signed.includes("x-amz-content-sha256")) return "AccessDenied";
  if (hash !== createHash("sha256").update(body).digest("hex")) return "XAmzContentSHA256Mismatch";
  const url = new URL(request.url ?? "", "http://127.0.0.1");
  const signer = new SignatureV4({
    credentials: CREDENTIALS,
    region,
    service: "s3",
    sha256: Sha256,
    uriEscapePath: false,
  });
  const expected = await signer.sign(
    {
      method: request.method ?? "",
      protocol: "http:",
      hostname: "127.0.0.1",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signed.map((name) => [name, String(request.headers[name])])),
      body,
    },
    { signingDate: dateOf(String(request.headers["x-amz-date"])), signableHeaders: new Set(signed) },
  );
  const signatureOf = (text: string | undefined) => /Signature=(\w+)/.exec(text ?? "")?.[1];
  return signatureOf(expected.headers["authorization"]) === signatureOf(authorization)
    ? undefined
    : "SignatureDoesNotMatch";
}

/** `20261123T210500Z` as a date. */
function dateOf(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** The hash that the signer asks for. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
