import type { Grant } from "@millrace/access";
import { EMBED_OPERATIONS, isoUtc, MillraceError, type CatalogueView, type JsonObject } from "@millrace/core";
import { notesWithin } from "./notes.ts";

/** What is known of the project beside the token. */
export interface Known {
  readonly view: CatalogueView;
  readonly sendsMail: boolean;
  /** See {@link import("./notes.ts").noteOf}; empty where the token shows none. */
  readonly notes: readonly JsonObject[];
}

/** What the page of an embed is made from: what its token lets see, and no name beyond that, that of the project included. */
export function describeEmbed({ project, may, embed }: Grant, { view, sendsMail, notes }: Known): JsonObject {
  if (!embed) throw new MillraceError("InvalidApiKeyError", "This needs an embed token.");
  const { panels, collections, properties, window, theme, accent, locale, endsAt } = embed;
  const known = new Set(view.collections.map(({ name }) => name));
  return {
    timezone: project.timezone,
    expires_at: isoUtc(endsAt),
    panels: [...panels],
    // Those that have had an event, of whomever: a question about others alone would be refused.
    collections: collections.filter((name) => known.has(name)),
    properties: [...properties].toSorted(),
    operations: EMBED_OPERATIONS.filter((each) => may.has(each) && (each !== "reports" || sendsMail)),
    ...(embed.annotations && { annotations: notesWithin(notes, window, project.timezone) }),
    ...(window && {
      window: { ...(window.start && { start: window.start }), ...(window.end && { end: window.end }) },
    }),
    ...(theme && { theme }),
    ...(accent && { accent }),
    ...(locale && { locale }),
  };
}
