import { BOT_REASONS, MillraceError, parseZone, standardField, zoneId, type BotRules } from "@millrace/core";
import type { Project } from "./project.ts";
import { readName, type ProjectChange, type Projects } from "./projects.ts";

/** What an operator says of one project. What is absent stays as it is. */
export interface ProjectSettings {
  readonly project: string;
  readonly name?: string | undefined;
  /** IANA name in any case. Days that are over keep the visitor ids that they got in the zone before. */
  readonly timezone?: string | undefined;
  /** Replaces the list of origins whose pages may record; empty: all may. */
  readonly origins?: readonly string[] | undefined;
  /** Replaces the list of hosts that a recording link may lead to: names without scheme and port. */
  readonly redirectHosts?: readonly string[] | undefined;
  /** What `${keen.ip}` gives: the address as it is, or its network. */
  readonly addresses?: "whole" | "cut" | undefined;
  /** Requests a second that may record; null: as many as come. */
  readonly requestsPerSecond?: number | null | undefined;
  /** Of the engine's time a minute for the project's questions; null: as much as any. */
  readonly engineSecondsPerMinute?: number | null | undefined;
  /** Events of a calendar month (UTC) that may be recorded; null: as many as come. */
  readonly eventsPerMonth?: number | null | undefined;
  /** What becomes of more than that. */
  readonly beyondQuota?: "refuse" | "record" | undefined;
  /** Replaces what the project says of bots; both empty: the label decides again. */
  readonly bots?: BotSettings | undefined;
}

/** As {@link BotRules}, still to be checked. */
export interface BotSettings {
  readonly ignore?: readonly string[] | undefined;
  readonly also?: readonly Readonly<Record<string, string | number | boolean>>[] | undefined;
}

const MAX_HOSTS = 100;
/** Each is part of every question of the project. */
const MAX_RULES = 20;
const MAX_FIELDS = 5;
const MAX_CHARS = 500;
/** As they stand in an address: names beyond ASCII in their xn-- form. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Changes the settings of a project; other processes notice within a minute.
 * @throws MillraceError `InvalidParameterError` naming a bad host, `ResourceNotFoundError` for an unknown project
 */
export async function changeSettings(
  projects: Pick<Projects, "update">,
  { project, name, timezone, origins, redirectHosts, addresses, bots, beyondQuota, ...limits }: ProjectSettings,
): Promise<Project> {
  const change: ProjectChange = {
    ...(name !== undefined && { name: readName(name) }),
    ...(timezone !== undefined && { timezone: zoneId(parseZone(timezone)) }),
    ...(origins && { origins: originsOf(origins) }),
    ...(redirectHosts && { redirectHosts: hostsOf(redirectHosts) }),
    ...(addresses && { wholeAddresses: addresses === "whole" }),
    ...(beyondQuota && { beyondQuota: beyondQuota === "record" ? beyondQuota : undefined }),
    ...(bots && { bots: rulesOf(bots) }),
    ...limitsOf(limits),
  };
  return projects.update(project, change);
}

/** Of what may be limited, the numbers that make sense. */
const LIMITS = {
  /** One request in ten seconds, and more than a stage takes. */
  requestsPerSecond: { least: 0.1, most: 100_000, said: "To record nothing, archive the project." },
  /** One page of a small project, and a whole minute of ten questions at a time. */
  engineSecondsPerMinute: {
    least: 1,
    most: 600,
    said: "It is the time that questions take of a minute, several at once.",
  },
  eventsPerMonth: { least: 1, most: 1_000_000_000_000, said: "To record nothing, archive the project." },
} as const;
type Limit = keyof typeof LIMITS;

/** @throws MillraceError `InvalidParameterError` naming the limit */
function limitsOf(limits: Readonly<Partial<Record<Limit, number | null | undefined>>>): ProjectChange {
  const said = (Object.keys(LIMITS) as Limit[]).flatMap((name) => {
    const value = limits[name];
    return value === undefined ? [] : [[name, value === null ? undefined : within(name, value)] as const];
  });
  return Object.fromEntries(said);
}

function within(name: Limit, value: number): number {
  const { least, most, said } = LIMITS[name];
  if (value >= least && value <= most) return value;
  throw new MillraceError("InvalidParameterError", `${name} is from ${least} to ${most}. ${said}`);
}

function hostsOf(hosts: readonly string[]): string[] {
  if (hosts.length > MAX_HOSTS) throw badHosts(`${hosts.length} hosts; ${MAX_HOSTS} are possible.`);
  return hosts.map((host) => {
    const name = host.toLowerCase();
    if (HOST.test(name) && URL.parse(`https://${name}`)?.hostname === name) return name;
    throw badHosts(`"${host.slice(0, 60)}" is not the name of a host, such as shop.example.com.`);
  });
}

function originsOf(texts: readonly string[]): string[] {
  if (texts.length > MAX_HOSTS) throw badOrigins(`${texts.length} origins; ${MAX_HOSTS} are possible.`);
  return texts.map((text) => {
    const url = URL.parse(text);
    if (url && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, "").toLowerCase())
      return url.origin;
    throw badOrigins(`"${text.slice(0, 60)}" is not an origin, such as https://shop.example.com.`);
  });
}

/**
 * True when a page of this origin may record in the project. It keeps other people's pages from sending by mistake or for fun; who sends by
 * hand can write any origin.
 */
export function isAllowedOrigin({ origins }: Pick<Project, "origins">, origin: string | undefined): boolean {
  return origins === undefined || origins.length === 0 || origin === undefined || origins.includes(origin);
}

function rulesOf({ ignore = [], also = [] }: BotSettings): BotRules {
  const stranger = ignore.find((reason) => !(BOT_REASONS as readonly string[]).includes(reason));
  if (stranger !== undefined) throw badRules(`"${stranger}" is no reason; there are ${BOT_REASONS.join(", ")}.`);
  if (also.length > MAX_RULES) throw badRules(`${also.length} rules; ${MAX_RULES} are possible.`);
  for (const values of also) {
    const fields = Object.entries(values);
    if (fields.length === 0 || fields.length > MAX_FIELDS) throw badRules(`a rule has 1 to ${MAX_FIELDS} fields.`);
    for (const [name, value] of fields) {
      const kind = standardField(name)?.kind;
      if (kind === "datetime" || (kind === undefined && name.startsWith("$")))
        throw badRules(`"${name}" is no field that a rule can be about.`);
      if (name === "" || name.length > MAX_CHARS || String(value).length > MAX_CHARS)
        throw badRules(`a field or its value is empty or longer than ${MAX_CHARS} characters.`);
    }
  }
  return { ignore: ignore as BotRules["ignore"], also };
}

function badRules(problem: string): MillraceError {
  return new MillraceError("InvalidParameterError", `bots: ${problem}`);
}

function badOrigins(problem: string): MillraceError {
  return new MillraceError("InvalidParameterError", `origins: ${problem}`);
}

function badHosts(problem: string): MillraceError {
  return new MillraceError("InvalidParameterError", `redirectHosts: ${problem}`);
}
