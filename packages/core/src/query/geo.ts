/** Mean radius of the Earth, metres (IUGG). */
export const EARTH_METRES = 6_371_008.8;
export const METRES_PER_MILE = 1_609.344;

/** A place, in degrees. */
export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** True for what can be a place: Keen's `[longitude, latitude]`, both in degrees and within the globe. */
export function isPlace({ longitude, latitude }: GeoPoint): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

/**
 * Great-circle distance in metres, by the haversine formula. The stores compute the same steps in doubles; where the distance of an
 * event is within a rounding of the limit they may differ.
 */
export function metresBetween(a: GeoPoint, b: GeoPoint): number {
  const [phi, other] = [radians(a.latitude), radians(b.latitude)];
  const north = Math.sin((other - phi) / 2) ** 2;
  const east = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const half = north + Math.cos(phi) * Math.cos(other) * east;
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(Math.min(1, half)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
