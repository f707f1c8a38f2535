import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { list, text } from "../providers/values.ts";
import type { Fields, Json } from "../providers/grpc.ts";
import { succeed } from "../tools/run.ts";
import type { Tools } from "../tools/tools.ts";
import type { Account } from "./account.ts";

/** A function as AWS has it after a deploy. */
export interface DeployedFunction {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The open zip. */
  readonly folder: string;
  /** The module in it that has the handler. */
  readonly file: string;
}

/** The functions of a stage, their zips opened in `folder`. */
export async function deployedFunctions(
  tools: Tools,
  { emulator }: Account,
  stage: string,
  folder: string,
): Promise<DeployedFunction[]> {
  const aws = emulator.as("rehearsal");
  const functions = list((await aws("lambda", "ListFunctions"))["Functions"]).filter((each) =>
    text(each, "FunctionName").startsWith(`millrace-${stage}-`),
  );
  const zips = zipsIn(await emulator.calls());
  return Promise.all(
    functions.map(async (each) => {
      const name = text(each, "FunctionName");
      const zip = zips.get(name);
      if (!zip) throw new Error(`Nothing says where the zip of ${name} is.`);
      const object = await aws("s3", "GetObject", { ...zip });
      const inside = join(folder, name);
      await mkdir(inside, { recursive: true });
      await writeFile(`${inside}.zip`, Buffer.from(text(object, "Body", "$base64"), "base64"));
      await succeed(tools.python, ["-m", "zipfile", "-e", `${inside}.zip`, inside]);
      const module = text(each, "Handler").replace(/\.[^.]+$/, "");
      const environment = (each["Environment"] as Fields | undefined)?.["Variables"] as Record<string, string>;
      return { name, environment, folder: inside, file: join(inside, `${module}.mjs`) };
    }),
  );
}

/** Where each function's code was last said to be. */
function zipsIn(calls: readonly { action: string; input: Readonly<Record<string, unknown>> }[]) {
  const zips = new Map<string, { Bucket: Json; Key: Json }>();
  for (const { action, input } of calls) {
    if (action !== "CreateFunction" && action !== "UpdateFunctionCode") continue;
    const code = (action === "CreateFunction" ? input["Code"] : input) as Fields | undefined;
    if (code?.["S3Bucket"] !== undefined && code["S3Key"] !== undefined)
      zips.set(String(input["FunctionName"]), { Bucket: code["S3Bucket"], Key: code["S3Key"] });
  }
  return zips;
}
