import type { AcceptedEvent, Context, JsonObject } from "@millrace/core";
import { addons } from "./addons/addons.ts";
import { bot } from "./bot.ts";
import { channel } from "./channel.ts";
import type { Enrichment, Step } from "./enrichment.ts";
import { createZoneCountry, geo } from "./geo.ts";
import type { GeoDatabase } from "./geo-database.ts";
import { referrer, source } from "./referrer.ts";
import { pageUrl } from "./url.ts";
import { visit } from "./visit.ts";
import { createUserAgents, userAgent, type UserAgents } from "./user-agent.ts";

export interface EnricherOptions {
  /** The operator's geo file. Without it geo comes from viewer headers or the time zone. */
  readonly geo?: GeoDatabase;
  /** Default: {@link createUserAgents} with its own memory. */
  readonly userAgents?: UserAgents;
}

/** What enrichment made of one accepted event. */
export interface Enriched {
  readonly context: Context;
  readonly properties: JsonObject;
}

/**
 * @throws EnrichmentFailed naming the step, for anything else: the event's own fault or ours, never its neighbours'
 */
export type Enricher = (event: AcceptedEvent) => Enriched;

/** A step of enrichment threw. The event is kept as an exception with its raw form, so it can be replayed once we are better. */
export class EnrichmentFailed extends Error {
  override readonly name = "EnrichmentFailed";
}

/** The steps in their order: each may read what those before it found. */
export function enrichmentSteps(options: EnricherOptions = {}): readonly Step[] {
  const { geo: database, userAgents = createUserAgents() } = options;
  return [
    pageUrl,
    referrer,
    source,
    channel,
    visit(),
    userAgent(userAgents),
    bot(userAgents),
    geo(database, createZoneCountry()),
    addons({ userAgents, database }),
  ];
}

/** Makes standard fields and add-on outputs out of the raw context of an event. Pure but for its caches. */
export function createEnricher(options: EnricherOptions = {}): Enricher {
  const steps = enrichmentSteps(options);
  return (event) => {
    const enrichment = startEnrichment(event);
    for (const step of steps) {
      try {
        step.apply(enrichment);
      } catch (thrown) {
        throw new EnrichmentFailed(`The step "${step.name}" failed.`, { cause: thrown });
      }
    }
    return { context: enrichment.context, properties: enrichment.properties };
  };
}

/** The event before the first step. */
export function startEnrichment(event: AcceptedEvent): Enrichment {
  return { event, raw: event.raw ?? {}, context: { ...event.context }, properties: event.properties };
}
