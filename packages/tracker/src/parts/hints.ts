import type { Part } from "../kit.ts";

/**
 * What the server cannot tell from a browser's name: whether a program drives it, whether its screen feels fingers (a tablet may call
 * itself a desktop computer), and the version of its system (Windows 10 and 11 call themselves the same).
 */
export const hints: Part =
  ({ _hints }) =>
  () => {
    _hints.b = navigator.webdriver || undefined;
    _hints.p = navigator.maxTouchPoints || undefined;
    navigator.userAgentData?.getHighEntropyValues(["platformVersion"]).then(
      ({ platformVersion }) => (_hints.h = platformVersion),
      () => {},
    );
  };
