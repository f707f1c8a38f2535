import { createHash } from "node:crypto";
import type { Fields, Json } from "../grpc.ts";
import { setting, type Kinds } from "../kind.ts";
import { at, pascal, text } from "../values.ts";

const settings = (inputs: Fields) => ({
  FunctionName: inputs["name"],
  Description: inputs["description"],
  Runtime: inputs["runtime"],
  Role: inputs["role"],
  Handler: inputs["handler"],
  Timeout: inputs["timeout"],
  MemorySize: inputs["memorySize"],
  Environment: { Variables: at(inputs, "environment", "variables") },
  EphemeralStorage: pascal(inputs["ephemeralStorage"]),
  LoggingConfig: pascal(inputs["loggingConfig"]),
  ...(inputs["vpcConfig"] !== undefined && { VpcConfig: pascal(inputs["vpcConfig"]) }),
  ...(inputs["layers"] !== undefined && { Layers: inputs["layers"] }),
});

/** The zip. `sst dev` deploys a stub whose place is named like that of any other. */
const code = (inputs: Fields) => ({ S3Bucket: inputs["s3Bucket"], S3Key: inputs["s3Key"] });

const mapping = (inputs: Fields) => ({
  FunctionName: inputs["functionName"],
  BatchSize: inputs["batchSize"],
  MaximumBatchingWindowInSeconds: inputs["maximumBatchingWindowInSeconds"],
  FunctionResponseTypes: inputs["functionResponseTypes"],
  ScalingConfig: pascal(inputs["scalingConfig"]),
  MetricsConfig: pascal(inputs["metricsConfig"]),
  FilterCriteria: pascal(inputs["filterCriteria"]),
});

/** What a function got set aside; the provider reads -1 as nothing. */
function reserved(inputs: Fields): Json | undefined {
  const value = inputs["reservedConcurrentExecutions"];
  return value === -1 ? undefined : value;
}

export const lambda: Kinds = {
  "aws:lambda/function:Function": {
    named: "name",
    replacedBy: ["name", "packageType"],
    create: async (inputs, { aws, tags, region }) => {
      const made = await aws("lambda", "CreateFunction", {
        ...settings(inputs),
        Code: code(inputs),
        PackageType: inputs["packageType"],
        Architectures: inputs["architectures"],
        Publish: inputs["publish"],
        Tags: tags,
      });
      const aside = reserved(inputs);
      if (aside !== undefined)
        await aws("lambda", "PutFunctionConcurrency", {
          FunctionName: inputs["name"],
          ReservedConcurrentExecutions: aside,
        });
      const arn = text(made, "FunctionArn");
      return {
        id: text(inputs, "name"),
        outputs: {
          arn,
          invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
          qualifiedArn: `${arn}:$LATEST`,
          version: "$LATEST",
        },
      };
    },
    update: async (id, inputs, { aws }, before) => {
      void [inputs["packageType"], inputs["publish"]];
      const architectures = inputs["architectures"];
      if (["s3Bucket", "s3Key", "architectures"].some((name) => !same(inputs[name], before[name])))
        await aws("lambda", "UpdateFunctionCode", { FunctionName: id, ...code(inputs), Architectures: architectures });
      await aws("lambda", "UpdateFunctionConfiguration", settings(inputs));
      const aside = reserved(inputs);
      if (aside !== undefined)
        await aws("lambda", "PutFunctionConcurrency", { FunctionName: id, ReservedConcurrentExecutions: aside });
      else if (reserved(before) !== undefined) await aws("lambda", "DeleteFunctionConcurrency", { FunctionName: id });
    },
    remove: (id, _inputs, { aws }) => aws("lambda", "DeleteFunction", { FunctionName: id }),
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    replacedBy: ["eventSourceArn"],
    create: async (inputs, { aws, tags }) => {
      const made = await aws("lambda", "CreateEventSourceMapping", {
        ...mapping(inputs),
        EventSourceArn: inputs["eventSourceArn"],
        Tags: tags,
      });
      return { id: text(made, "UUID"), outputs: { uuid: text(made, "UUID"), functionArn: text(made, "FunctionArn") } };
    },
    update: async (id, inputs, { aws }) => {
      void inputs["eventSourceArn"];
      await aws("lambda", "UpdateEventSourceMapping", { ...mapping(inputs), UUID: id });
    },
    remove: (id, _inputs, { aws }) => aws("lambda", "DeleteEventSourceMapping", { UUID: id }),
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": setting(
    ["functionName"],
    async (inputs, { aws }) => {
      const id = text(inputs, "functionName");
      await aws("lambda", "PutFunctionEventInvokeConfig", {
        FunctionName: id,
        MaximumRetryAttempts: inputs["maximumRetryAttempts"],
        DestinationConfig: pascal(inputs["destinationConfig"]),
      });
      return { id };
    },
    (id, _inputs, { aws }) => aws("lambda", "DeleteFunctionEventInvokeConfig", { FunctionName: id }),
  ),
  // The emulator has no Lambda runtime here: that the function is there and may be called is what a deploy can show. What it does
  // is shown by running the zips.
  "aws:lambda/invocation:Invocation": {
    replacedBy: "all",
    ignored: ["triggers", "lifecycleScope", "terraformKey"],
    create: async (inputs, { aws }) => {
      await aws("lambda", "GetFunction", { FunctionName: inputs["functionName"] });
      const input = text(inputs, "input");
      JSON.parse(input);
      return { id: createHash("sha256").update(input).digest("hex").slice(0, 32), outputs: { result: "null" } };
    },
    remove: async () => undefined,
  },
};

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
