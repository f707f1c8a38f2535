// Stands for Pulumi's provider plugins `aws`, `random` and `command`. Pulumi's engine starts it and asks it over gRPC to check,
// compare, make, change and delete; it calls the emulator of AWS as the real one would call AWS.
//   node plugin.ts PLATFORM VERSION
// REHEARSAL_EMULATOR is the emulator's address.
import { randomBytes } from "node:crypto";
import { lookUp } from "./data.ts";
import { callerOf, type AwsFor } from "./call.ts";
import { empty, message, protocol, read, readFields, serve, toStruct, type Json, type Message } from "./grpc.ts";
import { attentively, type Context, type Kind } from "./kind.ts";
import { KINDS } from "./kinds/all.ts";
import { plain } from "./values.ts";

const ACCOUNT = "123456789012";
const REGION = "us-east-1";
const [platform = "", version = ""] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const { messages, services } = protocol(platform, "provider");
const plugin = protocol(platform, "plugin").messages;
const awsFor: AwsFor = callerOf(process.env["REHEARSAL_EMULATOR"] ?? "");

/** DiffResponse's numbers. */
const NONE = 1;
const SOME = 2;

/** What the provider was told to put on every resource. */
let tags: Record<string, string> = {};

serve(platform, services["ResourceProviderService"] ?? {}, {
  attach: () => empty(platform),
  cancel: () => empty(platform),
  getPluginInfo: () => message(plugin, "PluginInfo", { version }),
  getSchema: () => message(messages, "GetSchemaResponse", { schema: "{}" }),
  checkConfig: (request) => message(messages, "CheckResponse", { inputs: read(request, "news") }),
  diffConfig: () => message(messages, "DiffResponse", { changes: NONE }),
  configure: (request) => {
    const given = readFields(request, "args")["defaultTags"];
    const parsed = (typeof given === "string" ? JSON.parse(given) : given) as
      { tags?: Record<string, string> } | undefined;
    tags = parsed?.tags ?? {};
    return message(messages, "ConfigureResponse", {
      acceptsecrets: false,
      acceptresources: false,
      acceptoutputs: false,
      supportspreview: true,
    });
  },
  check: (request) => {
    const [kind, type, name] = kindOf(request);
    const news = readFields(request, "news");
    if (!kind)
      return refuse(type, "", `is no type of resource that the rehearsal knows: scripts/rehearse/providers/kinds.`);
    if (kind.named !== undefined && news[kind.named] === undefined) {
      const before = read(request, "olds") === undefined ? {} : readFields(request, "olds");
      news[kind.named] = before[kind.named] ?? `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
    }
    return message(messages, "CheckResponse", { inputs: toStruct(platform, news) });
  },
  diff: (request) => {
    const [kind] = kindOf(request);
    const old = readFields(request, "oldInputs");
    const news = readFields(request, "news");
    const diffs = [...new Set([...Object.keys(old), ...Object.keys(news)])].filter(
      (name) => canonical(old[name]) !== canonical(news[name]),
    );
    const replaces = diffs.filter((name) => kind?.replacedBy === "all" || kind?.replacedBy.includes(name));
    const made = message(messages, "DiffResponse", { changes: diffs.length > 0 ? SOME : NONE });
    made["setDiffsList"]?.(diffs);
    made["setReplacesList"]?.(replaces);
    return made;
  },
  create: async (request) => {
    const [kind, type] = kindOf(request);
    const properties = readFields(request, "properties");
    if (read(request, "preview") === true)
      return message(messages, "CreateResponse", { properties: toStruct(platform, properties) });
    if (!kind) throw new Error(`The rehearsal knows no ${type}.`);
    const { id, outputs } = await attentively(kind, plain(properties) as Record<string, Json>, (inputs) =>
      kind.create(inputs, contextOf(request, properties)),
    );
    return message(messages, "CreateResponse", {
      id,
      properties: toStruct(platform, { ...properties, ...outputs, id }),
    });
  },
  update: async (request) => {
    const [kind, type] = kindOf(request);
    const news = readFields(request, "news");
    const merged = { ...readFields(request, "olds"), ...news };
    if (read(request, "preview") === true)
      return message(messages, "UpdateResponse", { properties: toStruct(platform, merged) });
    if (!kind?.update) throw new Error(`The rehearsal does not know how ${type} is changed.`);
    const { update } = kind;
    const before = plain(readFields(request, "oldInputs")) as Record<string, Json>;
    const outputs = await attentively(kind, plain(news) as Record<string, Json>, (inputs) =>
      update(String(read(request, "id")), inputs, contextOf(request, news), before),
    );
    return message(messages, "UpdateResponse", { properties: toStruct(platform, { ...merged, ...outputs }) });
  },
  delete: async (request) => {
    const [kind, type] = kindOf(request);
    if (!kind) throw new Error(`The rehearsal knows no ${type}.`);
    const known = readFields(request, "properties");
    const inputs = plain(known) as Record<string, Json>;
    await kind.remove(String(read(request, "id")), inputs, contextOf(request, known));
    return empty(platform);
  },
  read: (request) =>
    message(messages, "ReadResponse", {
      id: read(request, "id"),
      properties: read(request, "properties"),
      inputs: read(request, "inputs"),
    }),
  invoke: async (request) => {
    const args = plain(readFields(request, "args")) as Record<string, Json>;
    const answer = await lookUp(String(read(request, "tok")), args, contextOf(request, {}));
    return message(messages, "InvokeResponse", { return: toStruct(platform, answer) });
  },
});

function kindOf(request: Message): [kind: Kind | undefined, type: string, name: string] {
  const [, , path = "", name = ""] = String(read(request, "urn")).split("::");
  const type = path.split("$").at(-1) ?? "";
  return [KINDS[type], type, name];
}

function contextOf(request: Message, inputs: Readonly<Record<string, Json>>): Context {
  const urn = "getUrn" in request ? String(read(request, "urn")) : String(read(request, "tok"));
  const own = plain(inputs["tags"] ?? {}) as Record<string, string>;
  return { aws: awsFor(urn), tags: { ...tags, ...own }, region: REGION, account: ACCOUNT };
}

function refuse(type: string, property: string, reason: string): Message {
  const answer = message(messages, "CheckResponse");
  const failure = message(messages, "CheckFailure", { property, reason: `${type} ${reason}` });
  answer["addFailures"]?.(failure);
  return answer;
}

/** Text that is the same for the same values, whatever the order of their keys. */
function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_key, inner: Json) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
