import { createClient, type MillraceClient } from "@millrace/client";
import type { Access } from "./session.ts";

/** The query API of this page's own server, with the reader's key. */
export function clientOf(access: Access): MillraceClient {
  return createClient({ url: "", projectId: access.id, readKey: access.readKey });
}
