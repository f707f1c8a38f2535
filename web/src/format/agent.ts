import { t } from "../language/words.ts";

/** What stands in a user agent for what people call it; the first that fits. Chrome and Safari stand in those of others, too. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/Windows/, "Windows"],
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** A browser as its owner would call it, "Firefox on macOS"; the user agent itself where it is none that people browse with. */
export function agentName(agent: string): string {
  const browser = BROWSERS.find(([form]) => form.test(agent))?.[1];
  const system = SYSTEMS.find(([form]) => form.test(agent))?.[1];
  if (browser === undefined) return agent;
  return system === undefined ? browser : t("{browser} on {system}", { browser, system });
}
