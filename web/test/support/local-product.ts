import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../../../packages/local/src/assets.ts";
import { createLocalServer, readConfig } from "../../../packages/local/src/index.ts";
import type { Product } from "./product.ts";

export interface LocalOptions {
  /** Settings beside the port and the folder. */
  readonly env: Readonly<Record<string, string>>;
  /** What lies in the folder before the server begins. */
  readonly prepare: (folder: string) => Promise<void>;
  /**
   * `bare`: as CloudFront serves them, so that a test can stand in the way of everything that a page asks; `filled`: as `npm start`
   * does, with the first answers on their way.
   */
  readonly pages: "bare" | "filled";
}

/** The real product on a folder of its own, all of it in this process. */
export async function openLocal({ env, prepare, pages }: LocalOptions): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-web-"));
  await prepare(folder);
  const built = await buildAssets(() => {});
  const opening = () => {
    const known = built.prepare();
    // Patient: what a test sees must not depend on how busy the machine is.
    return pages === "filled" && known
      ? (page: Parameters<typeof known>[0]) => known({ ...page, patienceMs: 120_000 })
      : undefined;
  };
  const assets = { ...built, prepare: opening };
  const server = await createLocalServer(readConfig({ PORT: "0", MILLRACE_DATA: folder, ...env }), { assets });
  return {
    demo: server.demo,
    address: (path) => server.demo.url + path,
    async admit(context) {
      // As a person does with the link from the terminal, but for the page it leads to.
      await context.request.get(server.link(), { maxRedirects: 0 });
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
