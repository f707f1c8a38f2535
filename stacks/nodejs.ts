/**
 * How SST is to bundle the functions; scripts/bundles measures with the same. Without `minify`, which is not SST's default, each
 * cold start would read twice as much code as the size gate allows. With `splitting` what is imported when it is needed lies in files of
 * its own: the code for assistants, or the ways to credentials that Lambda does not use, are read by nobody who only asks a question.
 */
export const NODEJS = { minify: true, splitting: true } as const;
