// Runs inside .sst/platform, bundled with the app's own sst.config.ts: SST's real components, with Pulumi's mocks in place of AWS.
// Prints every resource that would be created, with its inputs and the options that keep it from being deleted, as JSON. Three more
// kinds stand beside them: `sst:existing`, what is used and not made, `sst:build`, what SST's bundler is asked for, and `sst:pane`,
// what `sst dev` starts beside the functions.
import * as pulumi from "@pulumi/pulumi";
import { createServer } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

declare const $app: { name: string; stage: string };
declare const $cli: { paths: { root: string } };
const env = process.env;

/** SST's components ask the SST command for three things over HTTP; a function's bundle is one of them. */
async function answerForTheCommand(): Promise<string> {
  const out = join($cli.paths.root, "bundle");
  mkdirSync(out);
  writeFileSync(join(out, "index.mjs"), "export const handler = async () => {}");
  const replies: Record<string, unknown> = {
    "Provider.Aws.Bootstrap": { asset: "asset-bucket", state: "state-bucket", appsyncHttp: "h", appsyncRealtime: "r" },
    "Provider.Aws.Appsync": { http: "h", realtime: "r" },
    "Runtime.Build": { handler: "index.handler", out, errors: [], sourcemaps: [] },
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { method, params } = JSON.parse(body) as { method: string; params: [{ functionID: string }] };
      const [asked] = params;
      if (method === "Runtime.Build") resources.push({ type: "sst:build", name: asked.functionID, inputs: asked });
      response.end(JSON.stringify({ result: replies[method] ?? {} }));
    });
  });
  // Who keeps a connection may ask again after a pause, and a busy machine's is longer than Node's five seconds.
  server.keepAliveTimeout = 0;
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

const ACCOUNT = "123456789012";
const resources: { type: string; name: string; inputs: unknown }[] = [];
const options = new Map<string, { protect: boolean; retainOnDelete: boolean; dependsOn: string[] }>();

/** ARNs as AWS would form them where a policy or a check looks at them. */
function arnOf(type: string, name: string): string {
  const service = /^aws:(\w+)/.exec(type)?.[1] ?? "none";
  if (service === "s3") return `arn:aws:s3:::${name}`;
  if (service === "iam") return `arn:aws:iam::${ACCOUNT}:role/${name}`;
  return `arn:aws:${service}:us-east-1:${ACCOUNT}:${name}`;
}

void pulumi.runtime.setMocks(
  {
    newResource({ type, name, inputs, id }) {
      // With an id it is there already and is only looked at.
      if (id) resources.push({ type: "sst:existing", name, inputs: { type, id } });
      else resources.push({ type, name, inputs });
      const physical = (id || inputs.name) ?? inputs.bucket ?? inputs.domainName ?? name;
      const state = {
        ...inputs,
        name: physical,
        ...(id && { bucket: id }),
        arn: arnOf(type, id || name),
        url: `https://${name}.test`,
        endpoint: `${name}.test`,
        apiEndpoint: `https://${name}.test`,
        executionArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:${name}`,
        result: `generated-${name}`,
        base64: Buffer.alloc(32).toString("base64"),
      };
      return { id: id || `${name}-id`, state };
    },
    call({ token, inputs }) {
      if (token.includes("getRegion")) return { id: "us-east-1", name: "us-east-1", region: "us-east-1" };
      if (token.includes("getCallerIdentity")) return { accountId: ACCOUNT };
      if (token.includes("opensearch/getDomain"))
        return { ...inputs, endpoint: `${inputs.domainName}.us-east-1.es.amazonaws.com` };
      if (token.includes("getPartition")) return { partition: "aws" };
      if (token.includes("getPolicyDocument")) return { ...inputs, json: JSON.stringify(inputs) };
      return inputs;
    },
  },
  $app.name,
  $app.stage,
  false,
);

interface Outputs {
  readonly _dev?: pulumi.Input<object>;
}
const nameOf = (resource: pulumi.Resource) => (resource as unknown as { __name?: string }).__name ?? "";
const component = pulumi.ComponentResource.prototype as unknown as {
  registerOutputs: (this: { __name?: string }, outputs?: Outputs) => void;
};
const { registerOutputs } = component;
component.registerOutputs = function (outputs) {
  if (outputs?._dev !== undefined)
    pulumi
      .output(outputs._dev)
      .apply((inputs) => resources.push({ type: "sst:pane", name: this.__name ?? "", inputs }));
  registerOutputs.call(this, outputs);
};

env["SST_SERVER"] = await answerForTheCommand();
const scope = globalThis as unknown as Record<string, unknown>;
scope["sst"] = await import("SST_COMPONENTS");
scope["aws"] = await import("@pulumi/aws");
scope["random"] = await import("@pulumi/random");
const { run } = await import("SST_RUN");
const config = (await import("SST_CONFIG")).default;

await pulumi.runtime.runInPulumiStack(() =>
  run(async () => {
    // After SST's own transformations, so that what they decided is seen.
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      const { protect, retainOnDelete, dependsOn } = opts as pulumi.CustomResourceOptions;
      const after = Array.isArray(dependsOn) ? dependsOn : [];
      options.set(`${type} ${name}`, {
        protect: protect === true,
        retainOnDelete: retainOnDelete === true,
        dependsOn: after.flatMap((each) => (each instanceof pulumi.Resource ? [nameOf(each)] : [])),
      });
      return undefined;
    });
    return config.run();
  }),
);
await (pulumi.runtime as { waitForRPCs?(): Promise<void> }).waitForRPCs?.();
// Nothing tells when the last output has been applied: it has when no resource was added for a while.
for (let seen = -1; seen !== resources.length;) {
  seen = resources.length;
  await new Promise((later) => setTimeout(later, 500));
}
process.stdout.write(
  JSON.stringify(resources.map((resource) => ({ ...resource, ...options.get(`${resource.type} ${resource.name}`) }))),
  () => process.exit(0),
);
