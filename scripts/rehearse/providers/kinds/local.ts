import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import type { Fields, Json } from "../grpc.ts";
import type { Kinds } from "../kind.ts";
import { list, scalar, text } from "../values.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The providers that reach no cloud: `random` and `command`. */
export const local: Kinds = {
  "random:index/randomPassword:RandomPassword": {
    replacedBy: "all",
    create: async (inputs) => {
      if (inputs["special"] !== false) throw new Error("The stand-in knows passwords of letters and digits only.");
      const length = Number(inputs["length"]);
      return {
        id: "none",
        outputs: { result: Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("") },
      };
    },
    remove: async () => undefined,
  },
  "random:index/randomBytes:RandomBytes": {
    replacedBy: "all",
    create: async (inputs) => {
      const bytes = randomBytes(Number(inputs["length"]));
      const base64 = bytes.toString("base64");
      return { id: base64, outputs: { base64, hex: bytes.toString("hex") } };
    },
    remove: async () => undefined,
  },
  "command:local:Command": {
    replacedBy: ["triggers"],
    ignored: ["addPreviousOutputInEnv", "triggers"],
    create: async (inputs) => ({ id: randomBytes(4).toString("hex"), outputs: await run(inputs) }),
    update: async (_id, inputs) => run(inputs),
    remove: async () => undefined,
  },
};

/** @throws Error with the end of what the command said when it failed */
export function run(inputs: Fields): Promise<Fields> {
  const command = text(inputs, "create");
  const update = inputs["update"];
  if (update !== undefined && update !== command) throw new Error("The stand-in knows one command for both.");
  if (list(inputs["assetPaths"]).length > 0) throw new Error("The stand-in brings no files back from a command.");
  const child = spawn("sh", ["-c", command], {
    cwd: text(inputs, "dir"),
    env: { ...process.env, ...variables(inputs["environment"]) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve({ stdout, stderr });
      else reject(new Error(`"${command}" ended with ${status}:\n${(stdout + stderr).slice(-2_000)}`));
    });
  });
}

function variables(value: Json | undefined): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, scalar(inner)]));
}
