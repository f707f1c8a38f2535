import { createRequire } from "node:module";
import { join } from "node:path";

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Fields = Readonly<Record<string, Json | undefined>>;

/** A message of Pulumi's protocol. Its getters are reached by name: the package ships no types for most of them. */
export type Message = Readonly<Record<string, (...args: unknown[]) => unknown>>;
type MessageClass = new () => Message;
type Answer = (error: { code: number; message: string } | null, answer?: Message) => void;
export type Handlers = Readonly<Record<string, (request: Message) => Promise<Message> | Message>>;

interface Grpc {
  Server: new (options: object) => {
    addService(service: object, handlers: object): void;
    bindAsync(address: string, credentials: object, done: (error: Error | null, port: number) => void): void;
  };
  ServerCredentials: { createInsecure(): object };
}

/** gRPC's number for "something went wrong, here is the text". */
const UNKNOWN = 2;
const MOST_BYTES = 1 << 30;

/** Pulumi's protocol from the packages that SST installed for its components: the same release as the engine. */
export function protocol(platform: string, name: "provider" | "language" | "plugin") {
  const require = createRequire(join(platform, "package.json"));
  return {
    messages: require(`@pulumi/pulumi/proto/${name}_pb.js`) as Record<string, MessageClass>,
    services: name === "plugin" ? {} : (require(`@pulumi/pulumi/proto/${name}_grpc_pb.js`) as Record<string, object>),
  };
}

/** Builds a message: `fill(new GetInfo(), { version: "1" })` calls `setVersion("1")`. */
export function message(
  of: Record<string, MessageClass>,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
) {
  const Class = of[name];
  if (!Class) throw new Error(`Pulumi's protocol has no ${name}.`);
  const made = new Class();
  for (const [field, value] of Object.entries(fields)) {
    const set = made[`set${field[0]?.toUpperCase()}${field.slice(1)}`];
    if (!set) throw new Error(`${name} has no ${field}.`);
    set.call(made, value);
  }
  return made;
}

/** The value of a message's field, by its name in the protocol: `read(request, "urn")`. */
export function read(from: Message, field: string): unknown {
  const get = from[`get${field[0]?.toUpperCase()}${field.slice(1)}`];
  if (!get) throw new Error(`The message has no ${field}.`);
  return get.call(from);
}

/** A field that is one of Pulumi's property maps, as plain values; empty when it is not set. */
export function readFields(from: Message, field: string): Record<string, Json> {
  const struct = read(from, field) as { toJavaScript(): Record<string, Json> } | undefined;
  return struct?.toJavaScript() ?? {};
}

/** Plain values as a property map. */
export function toStruct(platform: string, fields: Fields): unknown {
  const { Struct } = createRequire(join(platform, "package.json"))("google-protobuf/google/protobuf/struct_pb.js") as {
    Struct: { fromJavaScript(fields: object): unknown };
  };
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(fields)) as object);
}

/** `google.protobuf.Empty`. */
export function empty(platform: string): Message {
  const { Empty } = createRequire(join(platform, "package.json"))("google-protobuf/google/protobuf/empty_pb.js") as {
    Empty: MessageClass;
  };
  return new Empty();
}

/** Serves a plugin on a port that the system chooses and prints it: how Pulumi's engine finds its plugins. */
export function serve(platform: string, service: object, handlers: Handlers): void {
  const grpc = createRequire(join(platform, "package.json"))("@grpc/grpc-js") as Grpc;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MOST_BYTES,
    "grpc.max_send_message_length": MOST_BYTES,
  });
  const implemented = Object.entries(handlers).map(([name, handle]) => [
    name,
    (call: { request: Message }, answer: Answer) => {
      Promise.resolve()
        .then(() => handle(call.request))
        .then(
          (result) => answer(null, result),
          (error: unknown) =>
            answer({ code: UNKNOWN, message: error instanceof Error ? error.message : String(error) }),
        );
    },
  ]);
  server.addService(service, Object.fromEntries(implemented) as object);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
  });
}
