import { isOn } from "../api.ts";
import type { Part } from "../kit.ts";
import { warn } from "../safe.ts";

/**
 * Says what a page asks for that this script lacks, so that nothing is left out in silence. The last of a script's parts.
 * @param words settings, what `auto` may name, and methods, whose part is not in the script
 */
export const lacking =
  (words: readonly string[]): Part =>
  ({ _options, _methods }) => {
    const options = _options as unknown as Record<string, string | undefined>;
    const say = (word: string) => warn("lacks the part for", word);
    words.forEach((word) => {
      if (isOn(options[word]) || options["auto"]?.includes(word)) say(word);
    });
    // A page that calls it must not break; what it calls on the widget is nothing, too.
    _methods["widget"] ??= () => (say("widget"), new Proxy({}, { get: () => () => {} }));
    return () => {};
  };
