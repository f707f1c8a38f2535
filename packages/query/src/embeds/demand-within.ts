import { demandPermission, type Grant } from "@millrace/access";
import { collectionsNamed, MillraceError, propertiesNamed, type Query } from "@millrace/core";
import { quotable } from "../parse/check.ts";

/**
 * Whether a question is one that its asker may ask: with an embed token only the analyses, collections and properties of its panels. Who has a
 * key is let through. The forced filters are no part of this: they hold for whatever is let through.
 * @throws MillraceError `InvalidApiKeyError` naming what is too much. It is the same whether there is such a thing or not
 */
export function demandWithin(grant: Grant, query: Query): void {
  const { embed } = grant;
  if (!embed) return;
  if (query.kind === "extraction") {
    demandPermission(grant, "export");
    // Whole events would show what the forced filters are about, and whatever else happens to stand in them.
    if (query.propertyNames === undefined) throw tooMuch("whole events. Name the properties in property_names");
  } else if (query.kind === "metric") {
    demandPermission(grant, "view");
  } else {
    throw tooMuch(`the analysis ${query.kind}`);
  }
  const collection = [...collectionsNamed(query)].find((name) => !embed.collections.includes(name));
  if (collection !== undefined) throw tooMuch(`the collection "${quotable(collection)}"`);
  const property = [...propertiesNamed(query)].find((name) => !embed.properties.has(name));
  if (property !== undefined) throw tooMuch(`the property "${quotable(property)}"`);
}

function tooMuch(what: string): MillraceError {
  return new MillraceError("InvalidApiKeyError", `The embed token does not permit ${what}.`);
}
