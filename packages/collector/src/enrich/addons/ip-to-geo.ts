import type { GeoDatabase, Place } from "../geo-database.ts";
import { textOf, type Addon } from "./addon.ts";

const COUNTRY_NAMES = new Intl.DisplayNames("en", { type: "region" });

/**
 * `keen:ip_to_geo`: what the operator's geo file knows about an address. For the request's own address, the edge's viewer
 * headers serve where there is no file. Members that nobody knows are left out; a private or malformed address gives `{}`.
 */
export function ipToGeo(database: GeoDatabase | undefined): Addon {
  return {
    inputs: ["ip"],
    run({ ip }, { raw }) {
      const address = textOf(ip);
      if (address === undefined) return {};
      const place = database?.(address) ?? (address === raw.ip ? fromHeaders(raw) : undefined);
      return {
        ...(place?.city !== undefined && { city: place.city }),
        ...(place?.region !== undefined && { province: place.region }),
        ...(place?.countryName !== undefined && { country: place.countryName }),
        ...(place?.continent !== undefined && { continent: place.continent }),
        ...(place?.postalCode !== undefined && { postal_code: place.postalCode }),
        ...(place?.coordinates !== undefined && { coordinates: [...place.coordinates] }),
      };
    },
  };
}

function fromHeaders(raw: { country?: string; region?: string; city?: string }): Place | undefined {
  if (raw.country === undefined || !/^[A-Z]{2}$/.test(raw.country)) return undefined;
  const countryName = COUNTRY_NAMES.of(raw.country);
  return {
    country: raw.country,
    ...(countryName !== undefined && countryName !== raw.country && { countryName }),
    ...(raw.region !== undefined && { region: raw.region }),
    ...(raw.city !== undefined && { city: raw.city }),
  };
}
