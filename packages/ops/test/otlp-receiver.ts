import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import * as z from "zod";

// ExportTraceServiceRequest as the protocol has it in JSON: ids in hexadecimal digits, 64 bits as text, enums as numbers, and no member
// that it does not know. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
const traceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);
const nanoseconds = z.string().regex(/^\d{1,20}$/);
const value: z.ZodType<unknown> = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(value) }) }),
  ]),
);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, "a key is there twice");

const span = z
  .strictObject({
    traceId,
    spanId,
    parentSpanId: spanId.optional(),
    name: z.string().min(1),
    kind: z.int().min(0).max(5),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
    events: z.array(z.strictObject({ timeUnixNano: nanoseconds, name: z.string().min(1), attributes })).optional(),
    links: z.array(z.strictObject({ traceId, spanId })).optional(),
    status: z.strictObject({ code: z.int().min(0).max(2).optional(), message: z.string().optional() }),
  })
  .refine((one) => BigInt(one.endTimeUnixNano) >= BigInt(one.startTimeUnixNano), "it ends before it begins");

const request = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(z.strictObject({ scope: z.strictObject({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
});

type ReceivedSpan = z.infer<typeof span> & { readonly service: string };

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Headers of each request. */
  readonly headers: Readonly<Record<string, unknown>>[];
  /** What it answers; 400 whatever this is where a request is not as the protocol says. */
  status: number;
  close(): Promise<void>;
}

/** A receiver of traces that takes nothing but what the protocol says. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const server = createServer((incoming, response) => {
    void json(incoming).then((body) => {
      const read = request.safeParse(body);
      const isRight = incoming.method === "POST" && incoming.url === "/v1/traces" && read.success;
      receiver.headers.push(incoming.headers);
      response.writeHead(isRight ? receiver.status : 400, { "content-type": "application/json" });
      response.end(isRight ? "{}" : JSON.stringify({ message: read.error?.message ?? incoming.url }));
      if (!isRight || receiver.status !== 200) return;
      for (const { resource, scopeSpans } of read.data.resourceSpans) {
        const [name] = resource.attributes.filter(({ key }) => key === "service.name");
        const service = String((name?.value as { stringValue?: string } | undefined)?.stringValue);
        receiver.spans.push(...scopeSpans.flatMap(({ spans }) => spans).map((each) => ({ ...each, service })));
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    headers: [],
    status: 200,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
  return receiver;
}
