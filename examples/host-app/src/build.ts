import { build } from "esbuild";
import { fileURLToPath } from "node:url";

/** The account page's code as one script. */
export async function buildScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("account.tsx", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const [script] = outputFiles;
  if (!script) throw new Error("The account page's code was not built.");
  return script.text;
}
