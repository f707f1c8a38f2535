import { safely } from "./safe.ts";

/**
 * A property of the document as the browser has it: `<img name="title">` stands before `document.title`. What a page calls its
 * elements must not change what we read.
 */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  return Reflect.get(Document.prototype, name, document) as Document[Name];
}

/** A capturing listener of the window (it sees the event even if the page stops its propagation) whose failures stay inside. */
export function listen(type: string, handler: (event: Event) => void): void {
  window.addEventListener(type, (event) => safely(() => handler(event)), true);
}
