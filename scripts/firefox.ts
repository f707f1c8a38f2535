// Finds the Firefox that `firefox.browser.test.ts` drives, as chromium.ts finds Chromium.
import { canInstall, installPackage, isExecutable } from "./debian.ts";

/** Where Firefox usually is. `FIREFOX_PATH` overrides them. */
const CANDIDATES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
  darwin: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
  win32: ["C:\\Program Files\\Mozilla Firefox\\firefox.exe"],
};

/**
 * The path of a Firefox: `FIREFOX_PATH`, else the usual places, else (as root on Debian or Ubuntu) the distribution's `firefox-esr`,
 * installed on the spot.
 * @throws Error that names the cure when there is none and none can be installed
 */
export async function findFirefox(): Promise<string> {
  const named = process.env["FIREFOX_PATH"];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new Error(`FIREFOX_PATH is ${named}, which is not an executable file.`);
  }
  const found = await findInstalled();
  if (found !== undefined) return found;
  if (await canInstall()) {
    await installPackage("firefox-esr");
    const installed = await findInstalled();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    "The Firefox tests need Firefox, and none was found. Install it (Debian: apt-get install firefox-esr; macOS: brew install --cask " +
      "firefox), or set FIREFOX_PATH to its executable.",
  );
}

async function findInstalled(): Promise<string | undefined> {
  for (const path of CANDIDATES[process.platform] ?? []) if (await isExecutable(path)) return path;
  return undefined;
}
