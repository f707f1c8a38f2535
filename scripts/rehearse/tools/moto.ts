import { join } from "node:path";
import { cached } from "./cached.ts";
import { succeed } from "./run.ts";

/** The emulator of AWS. Its gaps, which emulator/gaps.py fills, are those of this release. */
const MOTO = "5.2.5";

/** A Python that has the emulator, and botocore's models of AWS's services with it. @returns the interpreter's path */
export async function moto(python: string, say: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const folder = await cached(`moto-${MOTO}`, async (partial) => {
    say(`installing moto ${MOTO} for Python (once)`);
    await succeed(python, ["-m", "venv", partial], { signal });
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `moto[server,all]==${MOTO}`];
    await succeed(join(partial, "bin/python"), args, { signal });
  });
  return join(folder, "bin/python");
}
