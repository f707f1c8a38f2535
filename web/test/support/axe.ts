import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** WCAG 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What of a page, its frames included, somebody could not see, reach or understand: each with its rule and its place. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Not as a script of the page, whose policy lets none in: the browser runs it for us.
  for (const frame of page.frames()) await frame.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (rules) => (globalThis as unknown as { axe: Runner }).axe.run({ runOnly: rules }),
    RULES,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = "" }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}

interface Runner {
  run(options: { runOnly: string[] }): Promise<AxeResults>;
}
