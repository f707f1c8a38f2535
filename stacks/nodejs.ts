/**
 * How SST is to bundle the functions; scripts/bundles measures with the same. Without `minify`, which is not SST's default, each
 * cold start would read twice as much code as the size gate allows.
 */
export const NODEJS = { minify: true } as const;
