import type { RawContext } from "@millrace/core";
import { isbot } from "isbot";
import { LRUCache } from "lru-cache";
import { UAParser } from "ua-parser-js";
import { fill, type Step } from "./enrichment.ts";
import { isOtherBot } from "./other-bots.ts";
import { browserName, deviceOf, FIRE_TABLET, osName, type Device } from "./user-agent-names.ts";

/** What a User-Agent header says. Names are in the vocabulary of the standard fields; null where it does not say. */
export interface UserAgent {
  readonly browser: string | null;
  /** Full version, as written. */
  readonly browserVersion: string | null;
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly device: Device;
  /** The maker's name of the device, such as `iPhone`. */
  readonly model: string | null;
  /** True when it names itself a bot, by the list of isbot and our own. */
  readonly isBot: boolean;
  /** True for browsers that a program drives. */
  readonly isAutomated: boolean;
}

/** Words of browsers driven by a program; some keep the header of a person's browser but for this one. */
const AUTOMATED = /headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/i;

/** Reads User-Agent headers; answers from memory for those seen lately. */
export type UserAgents = (header: string) => UserAgent;

/** Longer headers are cut: the patterns' time grows with the length, and the header is the client's to choose. */
const MAX_CHARS = 512;

/**
 * @param cacheSize how many distinct headers to remember. Parsing costs tens of microseconds, remembering a fraction of one;
 *   5,000 cover the headers of a day of ordinary traffic in about 3 MB.
 */
export function createUserAgents(cacheSize = 5_000): UserAgents {
  const cache = new LRUCache<string, UserAgent>({ max: cacheSize });
  return (header) => {
    const key = header.slice(0, MAX_CHARS);
    const known = cache.get(key);
    if (known) return known;
    const parsed = parse(key);
    cache.set(key, parsed);
    return parsed;
  };
}

/** Browser, operating system and kind of device, from the User-Agent header. */
export function userAgent(userAgents: UserAgents): Step {
  return {
    name: "user-agent",
    apply({ raw, context }) {
      if (!raw.userAgent) return;
      const agent = withHints(userAgents(raw.userAgent), raw);
      fill(context, "browser_name", agent.browser ?? undefined);
      fill(context, "browser_version", agent.browserVersion?.split(".")[0]);
      fill(context, "os_name", agent.os ?? undefined);
      fill(context, "os_version", agent.osVersion ?? undefined);
      fill(context, "device", agent.device);
    },
  };
}

/** From this version of its platform on Windows is 11, which still calls itself 10. */
const WINDOWS_11 = 13;

/**
 * The same with what the browser itself says beside its header, where that is frozen or in disguise: an iPad calls itself a Mac, and no
 * Mac feels fingers; Windows, macOS and Android keep the version of their system out of it.
 */
function withHints(agent: UserAgent, { touchPoints = 0, platformVersion = "" }: RawContext): UserAgent {
  if (agent.os === "macOS" && touchPoints > 1) return { ...agent, os: "iOS", osVersion: null, device: "tablet" };
  const [, version, major = ""] = /^((\d+)[\d.]*?)(?:\.0)*$/.exec(platformVersion) ?? [];
  if (version === undefined) return agent;
  if (agent.os === "Windows") return Number(major) >= WINDOWS_11 ? { ...agent, osVersion: "11" } : agent;
  return agent.os === "macOS" || agent.os === "Android" ? { ...agent, osVersion: version } : agent;
}

// ua-parser-js stays on version 1: it is MIT, version 2 is AGPL. On our corpus it was the best of the permissive ones
// (fixtures/README.md); what it misses of the mainstream is added in user-agent-names.ts.
function parse(header: string): UserAgent {
  const { browser, os, device } = new UAParser(header).getResult();
  const osIs = osName(os.name, header);
  return {
    browser: browserName(browser.name, header),
    browserVersion: browser.version ?? /\bTrident\/.*\brv:([\d.]+)/.exec(header)?.[1] ?? null,
    os: osIs,
    // Fire OS is told by the device; the version in the header is Android's.
    osVersion: osIs === "Fire OS" && FIRE_TABLET.test(header) ? null : (os.version ?? null),
    device: deviceOf(device.type, osIs, header),
    model: device.model ?? null,
    isBot: isbot(header) || isOtherBot(header),
    isAutomated: AUTOMATED.test(header),
  };
}
