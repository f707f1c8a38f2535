/** Whoever has not touched the page for so long looks at something else, or is a wall. */
const ATTENDED_MS = 120_000;

let lastSign = Date.now();

/** Somebody uses the page. @returns true after an absence */
export function attend(): boolean {
  const away = !isAttended();
  lastSign = Date.now();
  return away;
}

export function isAttended(): boolean {
  return Date.now() - lastSign < ATTENDED_MS;
}
