import { getAllTimezones } from "countries-and-timezones";
import { fill, type Step } from "./enrichment.ts";
import type { GeoDatabase } from "./geo-database.ts";

/** The country of an IANA time zone, by where its namesake city lies; undefined for zones of no country (UTC) and unknown ones. */
export type ZoneCountry = (zone: string) => string | undefined;

/**
 * Country, region and city, from the first source that knows the country: the viewer headers of the trusted edge, the
 * operator's geo file (asked with the cut address), the browser's time zone. Sources are never mixed: a city of one with the
 * country of another would be a place that does not exist. `geo_source` says which it was; a time zone is an estimate.
 */
export function geo(database: GeoDatabase | undefined, zoneCountry: ZoneCountry): Step {
  return {
    name: "geo",
    apply({ raw, context }) {
      if (context.geo_country !== undefined) return;
      if (isCountry(raw.country)) {
        context.geo_country = raw.country;
        fill(context, "geo_region", raw.region);
        fill(context, "geo_city", raw.city);
        context.geo_source = "header";
        return;
      }
      const place = raw.ip === undefined ? undefined : database?.(raw.ip);
      if (place?.country !== undefined) {
        context.geo_country = place.country;
        fill(context, "geo_region", place.region);
        fill(context, "geo_city", place.city);
        context.geo_source = "database";
        return;
      }
      const country = raw.timezone === undefined ? undefined : zoneCountry(raw.timezone);
      if (country === undefined) return;
      context.geo_country = country;
      context.geo_source = "timezone";
    },
  };
}

/** Names of offsets, not of places: today's list has them as aliases of one city each, so that CET would be Belgium. */
const IS_OFFSET_ONLY = /^(?:[A-Z]{3}\d(?:[A-Z]{3})?|CET|EET|MET|WET|EST|MST|HST|GMT|UTC|UCT)$/;

/** The country of every zone of the public zone list, old names included. A map: the browser chooses the name that is looked up. */
export function createZoneCountry(): ZoneCountry {
  const countries = new Map(
    Object.values(getAllTimezones({ deprecated: true })).map((zone) => [zone.name as string, zone.countries[0]]),
  );
  return (zone) => (IS_OFFSET_ONLY.test(zone) ? undefined : countries.get(zone));
}

/** Edges write XX, or T1 for Tor, where they do not know. */
function isCountry(code: string | undefined): code is string {
  return code !== undefined && /^[A-Z]{2}$/.test(code) && code !== "XX";
}
