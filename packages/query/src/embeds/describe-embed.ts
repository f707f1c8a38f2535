import type { Grant } from "@millrace/access";
import { EMBED_OPERATIONS, MillraceError, type JsonObject } from "@millrace/core";

/** What the page of an embed is made from: what its token lets see, and no name beyond that, that of the project included. */
export function describeEmbed({ project, may, embed }: Grant): JsonObject {
  if (!embed) throw new MillraceError("InvalidApiKeyError", "This needs an embed token.");
  const { panels, collections, properties, window, theme, accent, locale } = embed;
  return {
    timezone: project.timezone,
    panels: [...panels],
    collections: [...collections],
    properties: [...properties].toSorted(),
    operations: EMBED_OPERATIONS.filter((operation) => may.has(operation)),
    ...(window && {
      window: { ...(window.start && { start: window.start }), ...(window.end && { end: window.end }) },
    }),
    ...(theme && { theme }),
    ...(accent && { accent }),
    ...(locale && { locale }),
  };
}
