import type { Grant } from "@millrace/access";
import type { CatalogueView } from "@millrace/core";
import { expect, test } from "vitest";
import { reportQuestion } from "./report-question.ts";

const period = {
  start: Date.UTC(2026, 2, 2),
  end: Date.UTC(2026, 2, 9),
  before: { start: Date.UTC(2026, 1, 23), end: Date.UTC(2026, 2, 2) },
};
const viewOf = (...names: string[]) => ({ collections: names.map((name) => ({ name })) }) as unknown as CatalogueView;
const grantOf = (embed?: { collections: string[]; panels: string[] }) =>
  ({ ...(embed && { embed }) }) as unknown as Grant;
const SITE = ["pageviews", "engagement", "signups"];

test.each([
  ["site", grantOf(), SITE],
  ["shop", grantOf(), ["orders", "refunds"]],
  ["part of a site", grantOf({ collections: ["pageviews", "gone"], panels: ["metrics", "sources"] }), SITE],
  [
    "other part of a site",
    grantOf({ collections: ["pageviews", "signups"], panels: ["pages", "places", "events"] }),
    SITE,
  ],
  ["part of a shop", grantOf({ collections: ["orders"], panels: ["pages"] }), ["orders", "refunds"]],
])("what a report of a %s asks is what was reviewed", async (name, grant, collections) => {
  const question = reportQuestion(grant, viewOf(...collections), period);
  await expect(`${JSON.stringify(question, null, 1)}\n`).toMatchFileSnapshot(`asked/${name.replaceAll(" ", "-")}.snap`);
});

test.each([
  ["nothing was ever recorded", grantOf(), []],
  ["nothing was recorded of what the token shows", grantOf({ collections: ["orders"], panels: ["metrics"] }), SITE],
  ["the token shows what no report has", grantOf({ collections: ["pageviews"], panels: ["trend"] }), SITE],
])("nothing is asked where %s", (_, grant, collections) => {
  expect(reportQuestion(grant, viewOf(...collections), period)).toBeUndefined();
});
