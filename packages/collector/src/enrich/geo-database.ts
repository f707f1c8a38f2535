import { LRUCache } from "lru-cache";
import { open, validate, type CityResponse } from "maxmind";

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

/** Looks up an address; undefined when the file does not know it or it is no address. */
export type GeoDatabase = (ip: string) => Place | undefined;

/** Addresses and decoded records to remember: visits come in bursts, and cut addresses are few. */
const CACHE = 10_000;

/**
 * Opens a MaxMind-format file (country or city, by any publisher) and keeps it in memory.
 * @throws when the file is missing or not of that format: the operator named it, so silence would hide a mistake.
 */
export async function openGeoDatabase(path: string): Promise<GeoDatabase> {
  const reader = await open<CityResponse>(path, { cache: { max: CACHE } });
  const places = new LRUCache<string, { place: Place | undefined }>({ max: CACHE });
  return (ip) => {
    let entry = places.get(ip);
    if (!entry) {
      const record = validate(ip) ? reader.get(ip) : null;
      entry = { place: record ? placeOf(record) : undefined };
      places.set(ip, entry);
    }
    return entry.place;
  };
}

function placeOf({ country, continent, subdivisions, city, postal, location }: CityResponse): Place {
  const region = subdivisions?.[0]?.names.en;
  return {
    ...(country?.iso_code && { country: country.iso_code }),
    ...(country?.names?.en && { countryName: country.names.en }),
    ...(region && { region }),
    ...(city?.names?.en && { city: city.names.en }),
    ...(continent?.names?.en && { continent: continent.names.en }),
    ...(postal?.code && { postalCode: postal.code }),
    ...(location && { coordinates: [location.longitude, location.latitude] as const }),
  };
}
