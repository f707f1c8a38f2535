import { LRUCache } from "lru-cache";
import { open, validate, type CityResponse } from "maxmind";
import { isSpecialAddress } from "./special-addresses.ts";

/** A place as a MaxMind-format file knows it. Names are English. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly countryName?: string;
  readonly region?: string;
  readonly city?: string;
  readonly continent?: string;
  readonly postalCode?: string;
  /** Longitude, latitude: the order Keen's add-on answers in. */
  readonly coordinates?: readonly [number, number];
}

/** Looks up an address; undefined when the file does not know it, it is no address, or one that is in no place (private, documentation …). */
export type GeoDatabase = (ip: string) => Place | undefined;

/** Addresses and decoded records to remember: visits come in bursts, and cut addresses are few. */
const CACHE = 10_000;

/** A record of such a file: MaxMind's and its like name a place in many languages, ip-location-db's have a code and no more. */
type GeoRecord = Partial<CityResponse> & { readonly country_code?: string };

const COUNTRY_NAMES = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** The English name of a country; undefined for what is no country's code. @param code ISO 3166-1 alpha-2, checked for its form */
export function countryName(code: string): string | undefined {
  return COUNTRY_NAMES.of(code);
}

/**
 * Opens a MaxMind-format file (country or city, by any publisher) and keeps it in memory.
 * @throws when the file is missing or not of that format: the operator named it, so silence would hide a mistake.
 */
export async function openGeoDatabase(path: string): Promise<GeoDatabase> {
  const reader = await open<GeoRecord & CityResponse>(path, { cache: { max: CACHE } });
  const places = new LRUCache<string, { place: Place | undefined }>({ max: CACHE });
  return (ip) => {
    let entry = places.get(ip);
    if (!entry) {
      const record = validate(ip) && !isSpecialAddress(ip) ? reader.get(ip) : null;
      entry = { place: record ? placeOf(record) : undefined };
      places.set(ip, entry);
    }
    return entry.place;
  };
}

function placeOf({ country, country_code, continent, subdivisions, city, postal, location }: GeoRecord): Place {
  const region = subdivisions?.[0]?.names.en;
  const code = country?.iso_code ?? country_code;
  const name = country?.names?.en ?? (/^[A-Z]{2}$/.test(code ?? "") ? countryName(code ?? "") : undefined);
  return {
    ...(code && { country: code }),
    ...(name && { countryName: name }),
    ...(region && { region }),
    ...(city?.names?.en && { city: city.names.en }),
    ...(continent?.names?.en && { continent: continent.names.en }),
    ...(postal?.code && { postalCode: postal.code }),
    ...(location && { coordinates: [location.longitude, location.latitude] as const }),
  };
}
