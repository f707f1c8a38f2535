import { safely } from "./safe.ts";

/**
 * A property of the document as the browser has it: `<img name="title">` stands before `document.title`. What a page calls its
 * elements must not change what we read.
 */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  return Reflect.get(Document.prototype, name, document) as Document[Name];
}

/**
 * Capturing listeners of the window (they see the event even if the page stops its propagation) whose failures stay inside, also after
 * `document.open()`, which takes all listeners away.
 * @param types with blanks between
 * @returns the listener
 */
export function listen(types: string, handler: (event: Event) => void): (event: Event) => void {
  const safe = (event: Event) => safely(() => handler(event));
  // One that is there already is not added again.
  const attach = () => {
    for (const type of types.split(" ")) addEventListener(type, safe, true);
  };
  attach();
  new MutationObserver(attach).observe(document, { childList: true });
  return safe;
}
