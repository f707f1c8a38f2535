/** Whether this is the debugging script. A constant, so that the build removes what only that one does. */
export const DEBUG = typeof MILLRACE_DEBUG !== "undefined" && MILLRACE_DEBUG;

/** Says what the tracker does. Only called where {@link DEBUG} is true. */
export function debug(...words: unknown[]): void {
  console.info("millrace", ...words);
}
