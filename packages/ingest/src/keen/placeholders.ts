import { isObject, type Json, type JsonObject } from "@millrace/core";
import type { Client } from "../visitor/client.ts";

const IP = "${keen.ip}";
const USER_AGENT = "${keen.user_agent}";

/** True when a body may hold a placeholder: the walk below is paid for by those requests only. */
export function mayHavePlaceholders(text: string): boolean {
  return text.includes("${keen.");
}

/**
 * Replaces, in place and at any depth, values that are exactly `${keen.ip}` or `${keen.user_agent}`. The address is the cut one:
 * the full one is never stored. What the request lacks becomes null.
 */
export function replacePlaceholders(properties: JsonObject, client: Client): void {
  for (const name of Object.keys(properties)) properties[name] = replaced(properties[name] as Json, client);
}

function replaced(value: Json, client: Client): Json {
  if (value === IP) return client.cutAddress ?? null;
  if (value === USER_AGENT) return client.userAgent ?? null;
  if (Array.isArray(value)) return value.map((element) => replaced(element, client));
  if (isObject(value)) replacePlaceholders(value, client);
  return value;
}
