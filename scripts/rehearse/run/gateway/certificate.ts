import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate is, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
}

/**
 * A certificate for hosts (`*.example.com` covers one label), which is its own authority. Lives a day.
 * @throws Error when the machine has no openssl
 */
export async function makeCertificate(folder: string, hosts: readonly string[]): Promise<Certificate> {
  const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = hosts.map((host) => `DNS:${host}`).join(",");
  const made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=rehearsal".split(" ");
  const wanted = ["-addext", `subjectAltName=${names}`, "-keyout", key, "-out", file];
  await promisify(execFile)("openssl", [...made, ...wanted]).catch((error: unknown) => {
    throw new Error(`openssl made no certificate (it is needed on the PATH): ${String(error)}`, { cause: error });
  });
  return { key: await readFile(key, "utf8"), cert: await readFile(file, "utf8"), file };
}
