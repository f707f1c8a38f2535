import { createClient, type MillraceClient } from "@millrace/client";
import { createAsker, type Asker } from "./asker.ts";
import type { Access, Fetch } from "./session.ts";

/** The query API of this page's own server, with the reader's key. */
export function clientOf(access: Access): MillraceClient {
  const { id: projectId, readKey, fetch } = access;
  return createClient({ url: "", projectId, readKey, ...(fetch && { fetch }) });
}

/** The same for an owner, whose session may do what a master key may: what destroys something asks for it by name. */
export function ownersClientOf(access: Access): MillraceClient {
  return createClient({ url: "", projectId: access.id, readKey: access.readKey, masterKey: access.readKey });
}

const askers = new Map<string, Asker>();
/** Those that do not ask by the browser, as long as somebody asks their way. */
const others = new WeakMap<Fetch, Asker>();

/** Asks this project's questions, those of one moment in one request. One asker for each key, or they could not meet. */
export function askerOf(access: Access): Asker {
  if (access.fetch) {
    const asker = others.get(access.fetch) ?? createAsker(clientOf(access));
    others.set(access.fetch, asker);
    return asker;
  }
  const name = `${access.id} ${access.readKey}`;
  const asker = askers.get(name) ?? createAsker(clientOf(access));
  askers.set(name, asker);
  return asker;
}
