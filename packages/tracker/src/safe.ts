/** Runs `work`; a failure is a warning in the console. A tracker must never break the page it is on. */
export function safely(work: () => void): void {
  try {
    work();
  } catch (error) {
    console.warn("millrace", error);
  }
}

/** A passive, capturing listener (it sees the event even if the page stops its propagation) whose failures stay inside. */
export function listen(target: EventTarget, type: string, handler: (event: Event) => void): void {
  target.addEventListener(type, (event) => safely(() => handler(event)), { capture: true, passive: true });
}
