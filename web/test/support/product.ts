import type { BrowserContext } from "playwright-core";
import type { Demo } from "../../../packages/local/src/demo.ts";

/** What a {@link import("./stage.ts").Stage} looks at: the product on this machine, or one that was deployed. */
export interface Product {
  /** A project of its own, called Demo, and where the product is. */
  readonly demo: Demo;
  /** Where a page of the project is. @param path path, query and fragment of the dashboard */
  address(path: string): string;
  /** Lets a browser in, as an owner of everything. */
  admit(context: BrowserContext): Promise<void>;
  close(): Promise<void>;
}
