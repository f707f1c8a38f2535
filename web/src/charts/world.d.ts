/** The countries as they are drawn (see ../../world.ts). */
declare module "virtual:world" {
  const world: {
    readonly width: number;
    readonly height: number;
    readonly shapes: readonly {
      /** ISO 3166-1 alpha-2; absent for land that has none. */
      readonly code?: string;
      /** An SVG path. */
      readonly path: string;
    }[];
  };
  export default world;
}
