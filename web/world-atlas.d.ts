/** Natural Earth's countries: the checker need not read 100 KB of coordinates to know what they are. */
declare module "world-atlas/countries-110m.json" {
  import type { GeometryCollection, Topology } from "topojson-specification";
  const world: Topology<{ countries: GeometryCollection<{ name: string }> }>;
  export default world;
}
