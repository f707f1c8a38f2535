import { literalOf } from "./literal.ts";
import lists from "./patterns.json" with { type: "json" };

/**
 * The parts of a User-Agent header in the words of ua-parser, by uap-core's patterns and their rules (its docs/specification.md):
 * of each list the first pattern that matches decides, and what a pattern does not say itself is its groups, in order.
 */
export interface UapAgent {
  readonly browser: Part;
  readonly os: Part;
  readonly device: Part;
}

export interface Part {
  readonly family: string;
  /** Major, minor, patch, patch of the patch: as written, as far as known. */
  readonly version: readonly (string | undefined)[];
}

/** A pattern of any of the lists: what it says itself is under names that begin with its list's. */
type Pattern = { readonly regex: string; readonly regex_flag?: string } & Readonly<Record<string, string>>;

interface Matcher {
  readonly pattern: Pattern;
  readonly literal: string;
  /** Made when it is first needed: a thousand at once are a tenth of a second. */
  regex?: RegExp;
}

interface Words {
  readonly family: string;
  readonly version: readonly string[];
}

const BROWSER: Words = {
  family: "family_replacement",
  version: ["v1_replacement", "v2_replacement", "v3_replacement"],
};
const OS: Words = {
  family: "os_replacement",
  version: ["os_v1_replacement", "os_v2_replacement", "os_v3_replacement", "os_v4_replacement"],
};
const DEVICE: Words = { family: "device_replacement", version: [] };

/** Reads headers. Without memory: whoever calls it for many events brings its own. */
export function createUapParser(): (header: string) => UapAgent {
  // A collector that no event asks for it, as most are, starts without.
  let matchers: { readonly browser: Matcher[]; readonly os: Matcher[]; readonly device: Matcher[] } | undefined;
  return (header) => {
    matchers ??= {
      browser: matchersOf(lists.user_agent_parsers as Pattern[]),
      os: matchersOf(lists.os_parsers as Pattern[]),
      device: matchersOf(lists.device_parsers as Pattern[]),
    };
    const lower = header.toLowerCase();
    return {
      browser: partOf(matchers.browser, header, lower, BROWSER),
      os: partOf(matchers.os, header, lower, OS),
      device: partOf(matchers.device, header, lower, DEVICE),
    };
  };
}

function matchersOf(patterns: readonly Pattern[]): Matcher[] {
  return patterns.map((pattern) => ({ pattern, literal: literalOf(pattern.regex) }));
}

function partOf(matchers: readonly Matcher[], header: string, lower: string, words: Words): Part {
  for (const matcher of matchers) {
    if (!lower.includes(matcher.literal)) continue;
    const { pattern } = matcher;
    const groups = (matcher.regex ??= new RegExp(pattern.regex, pattern.regex_flag)).exec(header);
    if (!groups) continue;
    return {
      family: filled(pattern[words.family], groups, 1) ?? OTHER.family,
      version: words.version.map((name, index) => filled(pattern[name], groups, index + 2)),
    };
  }
  return OTHER;
}

const OTHER: Part = { family: "Other", version: [] };

/** A pattern's own words with the groups put in, or the group that stands for them. */
function filled(template: string | undefined, groups: RegExpExecArray, group: number): string | undefined {
  const text = template?.replaceAll(/\$(\d)/g, (_, number: string) => groups[Number(number)] ?? "") ?? groups[group];
  return text?.trim() || undefined;
}
