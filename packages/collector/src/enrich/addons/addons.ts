import { currentExecution, isoUtc, mergedAt, valueAt, withoutPath, type Json, type KeenAddon } from "@millrace/core";
import type { Enrichment, Step } from "../enrichment.ts";
import type { GeoDatabase } from "../geo-database.ts";
import type { UserAgents } from "../user-agent.ts";
import type { Addon } from "./addon.ts";
import { dateTimeParser } from "./date-time-parser.ts";
import { ipToGeo } from "./ip-to-geo.ts";
import { referrerParser } from "./referrer-parser.ts";
import { createRoom, type Room } from "./room.ts";
import { uaParser } from "./ua-parser.ts";
import { urlParser } from "./url-parser.ts";

/**
 * Keen's enrichment add-ons, in the order the event lists them: each may read what the one before wrote. Ingest refused what reads
 * nothing. What only turns out to be missing here, because an earlier add-on had nothing to write, is a null: the event was
 * accepted, and is worth more than its enrichment. What there is no room for is not written either, whole add-ons at a time, and the
 * execution says so; ingest refuses what it can foresee.
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
      const { addons: list = [] } = enrichment.event;
      if (list.length === 0) return;
      const room = createRoom(enrichment.properties);
      for (const entry of list) runAddon(known[entry.name], entry, enrichment, room);
      if (room.wasMissing()) currentExecution()?.label("addons.no_room", true);
    },
  };
}

function runAddon(addon: Addon, { input, output }: KeenAddon, enrichment: Enrichment, room: Room): void {
  const values: Record<string, Json> = {};
  for (const parameter of addon.inputs) {
    const path = input[parameter];
    values[parameter] = (typeof path === "string" ? inputAt(enrichment, path) : undefined) ?? null;
  }
  const result = room.toRead(values) ? room.toWrite(output, addon.run(values, enrichment)) : undefined;
  if (input["remove_ip_property"] === true && typeof input["ip"] === "string") {
    enrichment.properties = withoutPath(enrichment.properties, input["ip"]);
  }
  if (result) enrichment.properties = mergedAt(enrichment.properties, output, result);
}

/** `keen.timestamp` is the one input that is no property of the customer's. */
function inputAt({ event, properties }: Enrichment, path: string): Json | undefined {
  return path === "keen.timestamp" ? isoUtc(event.timestamp) : valueAt(properties, path);
}
