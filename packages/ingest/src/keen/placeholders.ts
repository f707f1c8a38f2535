import type { Project } from "@millrace/access";
import { isObject, type Json, type JsonObject } from "@millrace/core";
import type { Client } from "../visitor/client.ts";

const IP = "${keen.ip}";
const USER_AGENT = "${keen.user_agent}";

/** True when a body may hold a placeholder: the walk below is paid for by those requests only. */
export function mayHavePlaceholders(text: string): boolean {
  return text.includes("${keen.");
}

/**
 * Replaces, in place and at any depth, values that are exactly `${keen.ip}` or `${keen.user_agent}`. The address is the cut one,
 * unless the project's operator chose whole ones. What the request lacks becomes null.
 */
export function replacePlaceholders(
  properties: JsonObject,
  { cutAddress, fullAddress, userAgent }: Client,
  { wholeAddresses }: Pick<Project, "wholeAddresses">,
): void {
  const address = wholeAddresses ? fullAddress : cutAddress;
  replaceIn(properties, { [IP]: address ?? null, [USER_AGENT]: userAgent ?? null });
}

type Values = Readonly<Record<typeof IP | typeof USER_AGENT, Json>>;

function replaceIn(properties: JsonObject, values: Values): void {
  for (const name of Object.keys(properties)) properties[name] = replaced(properties[name] as Json, values);
}

function replaced(value: Json, values: Values): Json {
  if (value === IP || value === USER_AGENT) return values[value];
  if (Array.isArray(value)) return value.map((element) => replaced(element, values));
  if (isObject(value)) replaceIn(value, values);
  return value;
}
