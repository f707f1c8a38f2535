import type { UserAgent, UserAgents } from "../user-agent.ts";
import { textOf, type Addon } from "./addon.ts";

/** Keen's words for kinds of devices, as far as they are known. */
const TYPES: Readonly<Record<UserAgent["device"], string | undefined>> = {
  desktop: "desktop",
  mobile: "mobile phone",
  tablet: "tablet",
  tv: "tv",
  console: "game console",
  wearable: "wearable",
  other: undefined,
};

/** `keen:ua_parser`: device, browser and system of a User-Agent header. Version parts are numbers, null when unknown. */
export function uaParser(userAgents: UserAgents): Addon {
  return {
    inputs: ["ua_string"],
    run({ ua_string }) {
      const header = textOf(ua_string);
      if (header === undefined) return {};
      const agent = userAgents(header);
      const type = TYPES[agent.device];
      const [osMajor, osMinor, osPatch, osPatchMinor] = versionParts(agent.osVersion);
      const [major, minor, patch] = versionParts(agent.browserVersion);
      return {
        device: { family: agent.model ?? "Other", ...(type !== undefined && { type }) },
        browser: { family: agent.browser ?? "Other", major, minor, patch },
        os: { family: osFamily(agent), major: osMajor, minor: osMinor, patch: osPatch, patch_minor: osPatchMinor },
      };
    },
  };
}

/** Windows carries its version in the family: "Windows 10". */
function osFamily({ os, osVersion }: UserAgent): string {
  if (os === null) return "Other";
  return os === "Windows" && osVersion !== null ? `Windows ${osVersion}` : os;
}

function versionParts(version: string | null): [number | null, number | null, number | null, number | null] {
  const parts = (version ?? "").split(/[._]/);
  const at = (index: number) => {
    const part = parts[index] ?? "";
    return /^\d{1,9}$/.test(part) ? Number(part) : null;
  };
  return [at(0), at(1), at(2), at(3)];
}
