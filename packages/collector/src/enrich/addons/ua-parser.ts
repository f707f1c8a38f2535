import { LRUCache } from "lru-cache";
import type { JsonObject } from "@millrace/core";
import type { UserAgent, UserAgents } from "../user-agent.ts";
import { textOf, type Addon } from "./addon.ts";
import { createUapParser, type Part } from "./uap/parser.ts";

/** Keen's words for kinds of devices, as far as they are known. ua-parser knows none. */
const TYPES: Readonly<Record<UserAgent["device"], string | undefined>> = {
  desktop: "desktop",
  mobile: "mobile phone",
  tablet: "tablet",
  tv: "tv",
  console: "game console",
  wearable: "wearable",
  other: undefined,
};

/** Longer headers are cut: the patterns' time grows with the length, and the text is the client's to choose. */
const MAX_CHARS = 512;
/** Distinct headers to remember: those of a day of ordinary traffic. */
const MEMORY = 5_000;

/**
 * `keen:ua_parser`: device, browser and system of a User-Agent header, in ua-parser's words, which were Keen's: Mac OS X, Mobile
 * Safari. Charts go on under the labels they have, and filters find what they found. `$browser` and `$os` have words of their own.
 * Version parts are numbers, null when unknown.
 */
export function uaParser(userAgents: UserAgents): Addon {
  const parse = createUapParser();
  const known = new LRUCache<string, JsonObject>({ max: MEMORY });
  return {
    inputs: ["ua_string"],
    run({ ua_string }) {
      const header = textOf(ua_string)?.slice(0, MAX_CHARS);
      if (header === undefined) return {};
      const output = known.get(header) ?? outputOf(parse(header), TYPES[userAgents(header).device]);
      known.set(header, output);
      return output;
    },
  };
}

function outputOf(
  { browser, os, device }: Record<"browser" | "os" | "device", Part>,
  type: string | undefined,
): JsonObject {
  const [major, minor, patch] = versionParts(browser);
  const [osMajor, osMinor, osPatch, osPatchMinor] = versionParts(os);
  return {
    device: { family: device.family, ...(type !== undefined && { type }) },
    browser: { family: browser.family, major, minor, patch },
    os: { family: osFamily(os), major: osMajor, minor: osMinor, patch: osPatch, patch_minor: osPatchMinor },
  };
}

/** Keen's Windows carries its version in the family: "Windows 10", "Windows XP". */
function osFamily({ family, version: [major] }: Part): string {
  return family === "Windows" && major !== undefined ? `Windows ${major}` : family;
}

function versionParts({ version }: Part): [number | null, number | null, number | null, number | null] {
  const at = (index: number) => {
    const part = version[index] ?? "";
    return /^\d{1,9}$/.test(part) ? Number(part) : null;
  };
  return [at(0), at(1), at(2), at(3)];
}
