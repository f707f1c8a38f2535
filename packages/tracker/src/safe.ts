/** Runs `work`; a failure is a warning in the console. A tracker must never break the page it is on. */
export function safely(work: () => void): void {
  try {
    work();
  } catch (error) {
    warn(error);
  }
}

export function warn(...words: unknown[]): void {
  console.warn("millrace", ...words);
}
