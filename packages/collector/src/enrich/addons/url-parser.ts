import { LIMITS, type JsonObject } from "@millrace/core";
import { textOf, type Addon } from "./addon.ts";

/** `keen:url_parser`: the parts of a URL. Parts it lacks are left out; what is no URL gives `{}`. */
export const urlParser: Addon = {
  inputs: ["url"],
  run({ url: value }) {
    const url = URL.parse(textOf(value) ?? "");
    if (!url) return {};
    const query = queryObject(url.searchParams);
    return {
      protocol: url.protocol.slice(0, -1),
      ...(url.hostname !== "" && { domain: url.hostname }),
      ...(url.pathname !== "" && { path: url.pathname }),
      ...(url.hash.length > 1 && { anchor: url.hash.slice(1) }),
      ...(Object.keys(query).length > 0 && { query_string: query }),
    };
  },
};

/**
 * Parameters as properties, the last one of a name winning. Names are the visitor's to choose and must not break the rules for
 * property names: a dot becomes `_`, a `$` in front is left off; what is empty, too long or a name of JavaScript's own is left out.
 */
function queryObject(parameters: URLSearchParams): JsonObject {
  const members = new Map<string, string>();
  for (const [parameter, value] of parameters) {
    const name = parameter.replaceAll(".", "_").replace(/^\$+/, "");
    if (name.trim() === "" || name === "__proto__" || name.length > LIMITS.propertyNameChars) continue;
    if (members.size < MAX_PARAMETERS || members.has(name)) members.set(name, value);
  }
  return Object.fromEntries(members);
}

/** A URL of ten thousand parameters must not become ten thousand properties. */
const MAX_PARAMETERS = 100;
