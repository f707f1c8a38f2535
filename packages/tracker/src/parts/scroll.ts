import { listen, ofDocument } from "../dom.ts";
import type { Part } from "../kit.ts";

/** How often the page is measured while it is scrolled, ms: to ask for its height may lay it out. */
const PAUSE = 250;

/** How far down each page was seen, in percent of its height, as increments beside the engaged time. */
export const scroll: Part = (kit) => () => {
  if (!kit._wants("scroll")) return;
  const { _measure, _enter } = kit;
  let deepest = 0;
  let told = 0;
  let waiting = false;

  const look = () => {
    const { scrollHeight } = ofDocument("documentElement");
    waiting = false;
    deepest = Math.max(deepest, Math.min(100, Math.round(((scrollY + innerHeight) / scrollHeight) * 100)));
  };
  listen("scroll", () => {
    if (!waiting) setTimeout(look, PAUSE);
    waiting = true;
  });

  kit._measure = () => {
    look();
    const details = _measure();
    // What is seen without being engaged in waits for the time that goes with it.
    if (details && deepest > told) {
      details.y = deepest - told;
      told = deepest;
    }
    return details;
  };
  kit._enter = (...page) => {
    _enter(...page);
    deepest = told = 0;
  };
};
