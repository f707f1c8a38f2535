import { t } from "../language/words.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { ACTORS, decodeFilter, deedOf, isDeedFilter, opWords, type Deed, type PageFilter } from "../state/filters.ts";
import type { Page } from "../state/page.tsx";

/** A filter in words: `Country is Germany or France`, `Visit has done purchases (amount is above 10)`. */
export function filterWords(filter: PageFilter, names: Page["names"]): string {
  return `${headWords(filter)} ${valuesText(filter, names)}`;
}

/** What it is about and how it compares: `Country is`. */
export function headWords({ field, op }: PageFilter): string {
  const actor = isDeedFilter({ op }) ? ACTORS.find((each) => each.field === field) : undefined;
  return `${actor?.label ?? dimensionLabel(field)} ${opWords(op)}`;
}

/** What it compares with: `Germany or France`. */
export function valuesText({ field, op, values }: PageFilter, names: Page["names"]): string {
  const words = values.map((value) => (isDeedFilter({ op }) ? deedWords(deedOf(value), names) : names(field, value)));
  return words.join(` ${t("or")} `);
}

function deedWords({ event, filters }: Deed, names: Page["names"]): string {
  const own = filters.flatMap((text) => decodeFilter(text) ?? []).map((filter) => filterWords(filter, names));
  return `${names("$collection", event)}${own.length > 0 ? ` (${own.join(", ")})` : ""}`;
}
