import { isoUtc, type Json, type KeenAddon } from "@millrace/core";
import type { Enrichment, Step } from "../enrichment.ts";
import type { GeoDatabase } from "../geo-database.ts";
import type { UserAgents } from "../user-agent.ts";
import { MissingAddonInput, type Addon } from "./addon.ts";
import { dateTimeParser } from "./date-time-parser.ts";
import { ipToGeo } from "./ip-to-geo.ts";
import { mergedAt, valueAt, withoutPath } from "./paths.ts";
import { referrerParser } from "./referrer-parser.ts";
import { uaParser } from "./ua-parser.ts";
import { urlParser } from "./url-parser.ts";

/**
 * Keen's enrichment add-ons, in the order the event lists them: each may read what the one before wrote.
 * @throws MissingAddonInput (from the step) when an input names a property that is absent.
 */
export function addons(parts: { userAgents: UserAgents; database: GeoDatabase | undefined }): Step {
  const known: Record<KeenAddon["name"], Addon> = {
    "keen:ip_to_geo": ipToGeo(parts.database),
    "keen:ua_parser": uaParser(parts.userAgents),
    "keen:url_parser": urlParser,
    "keen:referrer_parser": referrerParser,
    "keen:date_time_parser": dateTimeParser,
  };
  return {
    name: "add-ons",
    apply(enrichment) {
      for (const entry of enrichment.event.addons ?? []) runAddon(known[entry.name], entry, enrichment);
    },
  };
}

function runAddon(addon: Addon, { name, input, output }: KeenAddon, enrichment: Enrichment): void {
  const values: Record<string, Json> = {};
  for (const parameter of addon.inputs) {
    const path = input[parameter];
    const value = typeof path === "string" ? inputAt(enrichment, path) : undefined;
    if (value === undefined) throw missing(name, parameter, path);
    values[parameter] = value;
  }
  const result = addon.run(values, enrichment);
  if (input["remove_ip_property"] === true && typeof input["ip"] === "string") {
    enrichment.properties = withoutPath(enrichment.properties, input["ip"]);
  }
  enrichment.properties = mergedAt(enrichment.properties, output, result);
}

/** `keen.timestamp` is the one input that is no property of the customer's. */
function inputAt({ event, properties }: Enrichment, path: string): Json | undefined {
  return path === "keen.timestamp" ? isoUtc(event.timestamp) : valueAt(properties, path);
}

function missing(name: string, parameter: string, path: string | boolean | undefined): MissingAddonInput {
  return new MissingAddonInput(
    typeof path === "string"
      ? `The add-on ${name} reads the property "${path}", which the event does not have.`
      : `The add-on ${name} needs the input "${parameter}".`,
  );
}
