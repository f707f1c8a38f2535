import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/**
 * Links values to a function as a deploy by SST does: in a file beside the bundle, encrypted (AES-256-GCM, the tag at the end)
 * under a key that is in the environment. The key is used for this one file, so its nonce is all zeros.
 * @returns the environment by which the function finds them
 */
export async function linkedAsDeployed(values: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-linked-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const key = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12));
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(values)), cipher.final(), cipher.getAuthTag()]);
  const file = join(folder, "resource.enc");
  await writeFile(file, encrypted);
  return { SST_KEY: key.toString("base64"), SST_KEY_FILE: file };
}
