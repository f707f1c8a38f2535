import { ROLES, type BotSettings, type KeyKind, type Role } from "@millrace/access";
import { mistake } from "../command.ts";

export function addressesOf(text: string | undefined): "whole" | "cut" | undefined {
  if (text === undefined || text === "whole" || text === "cut") return text;
  return mistake(`--addresses is "${text}"; it can be whole or cut.`);
}

export function quotaWordOf(text: string | undefined): "refuse" | "record" | undefined {
  if (text === undefined || text === "refuse" || text === "record") return text;
  return mistake(`--beyond-quota is "${text}"; it can be refuse or record.`);
}

export function kindOf(text: string): KeyKind {
  if (text === "write" || text === "read" || text === "master") return text;
  return mistake(`"${text}" is no kind of key; there are write, read and master.`);
}

export function roleOf(text: string): Role {
  return ROLES.find((role) => role === text) ?? mistake(`"${text}" is no role; there are ${ROLES.join(", ")}.`);
}

/** A time as the function takes it; a day is its beginning, UTC. */
export function isoTime(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at)
    ? mistake(`--${option} is "${text}"; it must be a time such as 2026-11-29.`)
    : new Date(at).toISOString();
}

export function botsOf(ignore: string[] | undefined, also: string[] | undefined) {
  if (!ignore && !also) return undefined;
  return { ignore: ignore ?? [], also: (also ?? []).map(ruleOf) } satisfies BotSettings;
}

function ruleOf(text: string): Record<string, string | number | boolean> {
  const pairs = text.split(",").map((pair) => {
    const [, field, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (field === undefined || value === undefined) return mistake(`--also-bots "${text}" is not FIELD=VALUE.`);
    const isLiteral = /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value);
    return [field.trim(), isLiteral ? (JSON.parse(value) as number | boolean) : value];
  });
  return Object.fromEntries(pairs) as Record<string, string | number | boolean>;
}
