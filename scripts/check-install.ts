// `npm run check-install -- URL`: opens a page as a visitor would, and says by name what is wrong with the tracker on it, or that it works.
import { chromium } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium, isChromiumWithinReach } from "./chromium.ts";
import { mistake, readCommand } from "./command.ts";
import { findingsOf, type Visit } from "./check-install/findings.ts";
import { readPage } from "./check-install/read.ts";
import { visitPage } from "./check-install/visit.ts";

const USAGE = `npm run check-install -- URL [--key KEY] [--read]

  URL        a page with the tracker's tag
  --key KEY  the write key that it should record with
  --read     runs nothing: reads the page and loads its scripts. Also what is done where no Chromium is within reach

The visit is recorded like any other; the browser says that it is headless, so reports leave it out as a robot's.
Exits with 0 when an event was accepted or nothing is wrong, else with 1.`;

const { url, key, read } = readCommand(
  USAGE,
  { options: { key: { type: "string" }, read: { type: "boolean", default: false } }, allowPositionals: true },
  ({ values, positionals: [page = "", more] }) => ({
    url:
      more === undefined && /^https?:/.test(page) && URL.canParse(page)
        ? page
        : mistake("Say which page, with http:// or https://."),
    ...values,
  }),
);

/** @throws Error when the browser cannot be started */
async function visited(): Promise<Visit> {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  try {
    return await visitPage(browser, url);
  } finally {
    await browser.close();
  }
}

const findings = findingsOf(await (!read && (await isChromiumWithinReach()) ? visited() : readPage(url)), key);
for (const { name, isProblem, text } of findings) console.log(`${isProblem ? "✗" : "✓"} ${name}: ${text}`);
process.exitCode = findings.some(({ isProblem }) => isProblem) ? 1 : 0;
