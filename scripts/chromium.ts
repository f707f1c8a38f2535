// Finds the browser that `*.browser.test.ts` and the benches drive. We use the machine's own Chrome or Chromium instead of
// letting Playwright download one: a browser from the distribution gets security updates and needs no extra download host.
// Run directly (`node scripts/node24.mjs scripts/chromium.ts`) it prints the path.
import { canInstall, installPackage, isExecutable } from "./debian.ts";

/** Where Chrome or Chromium usually is, best first. `CHROMIUM_PATH` overrides them all. */
const CANDIDATES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

/**
 * Flags for a headless browser in tests: no sandbox (containers run as root), and none of the background traffic (QUIC, component
 * updates, sync) that would make a recorded request list differ between runs. Nor does it say that a program drives it
 * (`navigator.webdriver`): reports leave such visitors out. Playwright makes a new user-data-dir per launch.
 */
export const CHROMIUM_FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-blink-features=AutomationControlled",
];

/**
 * The path of a Chrome or Chromium: `CHROMIUM_PATH`, else the usual places, else (as root on Debian or Ubuntu) the
 * distribution's `chromium` package, installed on the spot with its progress on stderr.
 * @throws Error that names the cure when there is none and none can be installed.
 */
export async function findChromium(): Promise<string> {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (await isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which is not an executable file.`);
  }
  const found = await findInstalled();
  if (found !== undefined) return found;
  if (await canInstall()) {
    await installPackage("chromium");
    const installed = await findInstalled();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    "The browser tests need Chrome or Chromium, and none was found. Install it (Debian, Ubuntu: apt-get install chromium; " +
      "macOS: brew install --cask chromium), or set CHROMIUM_PATH to its executable.",
  );
}

/** True when {@link findChromium} will find one, or can install it; installs nothing. */
export async function isChromiumWithinReach(): Promise<boolean> {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") return isExecutable(named);
  return (await findInstalled()) !== undefined || canInstall();
}

async function findInstalled(): Promise<string | undefined> {
  for (const path of CANDIDATES[process.platform] ?? []) if (await isExecutable(path)) return path;
  return undefined;
}

if (import.meta.main) console.log(await findChromium());
