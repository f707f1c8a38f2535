import { BlockList, isIP } from "node:net";
import { countryName, type GeoDatabase, type Place } from "../geo-database.ts";
import { textOf, type Addon } from "./addon.ts";

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
      const place = database?.(address) ?? (isSenders(address, raw.ip) ? fromHeaders(raw) : undefined);
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

/** Whether it is the address of who sent the request, of which we know the network: to the placeholder it may be the whole one. */
function isSenders(address: string, network: string | undefined): boolean {
  if (network === undefined || isIP(network) === 0 || isIP(address) !== isIP(network)) return false;
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  const senders = new BlockList();
  senders.addSubnet(network, family === "ipv6" ? 48 : 24, family);
  return senders.check(address, family);
}

function fromHeaders(raw: { country?: string; region?: string; city?: string }): Place | undefined {
  if (raw.country === undefined || !/^[A-Z]{2}$/.test(raw.country)) return undefined;
  const name = countryName(raw.country);
  return {
    country: raw.country,
    ...(name !== undefined && { countryName: name }),
    ...(raw.region !== undefined && { region: raw.region }),
    ...(raw.city !== undefined && { city: raw.city }),
  };
}
