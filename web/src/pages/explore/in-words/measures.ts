import { COUNT, type AnalysisName, type Measure } from "../spec.ts";
import { phraseAt, phrases, type Found } from "./phrases.ts";
import { BY } from "./groups.ts";
import type { Reader } from "./reader.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

const ACTORS = phrases<string>(
  [["visitors", "visitor", "unique visitors", "people", "uniques", "besucher", "besuchern", "leute"], "$visitor"],
  [["visits", "visit", "sessions", "session", "besuche", "besuch", "besuchen", "sitzungen"], "$visit.id"],
  [["users", "user", "unique users", "nutzer", "benutzer", "nutzern"], "$user"],
);

const ANALYSES = phrases<AnalysisName>(
  [["sum", "total", "summe", "gesamt"], "sum"],
  [
    ["average", "avg", "mean", "durchschnitt", "durchschnittlich", "durchschnittliche", "durchschnittlicher", "mittel"],
    "average",
  ],
  [["median"], "median"],
  [["smallest", "lowest", "minimum", "min", "kleinste", "kleinster", "kleinstes", "niedrigste"], "minimum"],
  [["largest", "highest", "maximum", "max", "größte", "größter", "größtes", "höchste"], "maximum"],
  [["unique", "different", "distinct", "verschiedene", "unterschiedliche"], "count_unique"],
);

const OF = phrases<true>([["of", "of the", "of all", "von", "der", "des", "aller"], true]);
const PERCENTILE = /^(?:p(\d{1,2}(?:\.\d+)?)|(\d{1,2}(?:\.\d+)?)(?:st|nd|rd|th|\.))$/;

/** What stands before events that something is computed of: they are looked at and not counted themselves. */
const AMONG = phrases<true>([["of", "in", "among", "per", "for", "von", "bei", "der", "des", "je", "pro"], true]);

/** What is to be computed: "visitors", "average amount", "95th percentile of duration"; also behind "by": "top pages by visitors". */
export const measureAt: Reader = (tokens, at, { vocabulary }) => {
  const by = phraseAt(BY, tokens, at)?.length ?? 0;
  const measure = computedAt(tokens, at + by, vocabulary);
  return measure && { length: by + measure.length, meaning: ({ measures }) => measures.push(measure.meaning) };
};

/** Events: "page views" counts them, "of orders" says of which something else is computed. */
export const eventsAt: Reader = (tokens, at, { vocabulary }) => {
  const among = phraseAt(AMONG, tokens, at)?.length ?? 0;
  const event = phraseAt(vocabulary.events, tokens, at + among);
  if (!event) return undefined;
  return {
    length: among + event.length,
    meaning: ({ events, measures }) => {
      events.add(event.meaning);
      if (among === 0 && !measures.includes(COUNT)) measures.push(COUNT);
    },
  };
};

function computedAt(tokens: readonly Token[], at: number, vocabulary: Vocabulary): Found<Measure> | undefined {
  const actor = phraseAt(ACTORS, tokens, at);
  if (actor) return { meaning: of("count_unique", actor.meaning), length: actor.length };
  const percentile = percentileAt(tokens, at);
  const analysis = phraseAt(ANALYSES, tokens, at);
  const name = percentile ?? (analysis && { meaning: of(analysis.meaning, ""), length: analysis.length });
  if (!name) return undefined;
  const after = at + name.length + (phraseAt(OF, tokens, at + name.length)?.length ?? 0);
  const property = phraseAt(vocabulary.properties, tokens, after);
  const fits = property && (property.meaning.isNumber || name.meaning.analysis === "count_unique");
  if (!property || !fits) return undefined;
  return { meaning: { ...name.meaning, property: property.meaning.field }, length: after - at + property.length };
}

function percentileAt(tokens: readonly Token[], at: number): Found<Measure> | undefined {
  const match = PERCENTILE.exec(tokens[at]?.word ?? "");
  const percent = Number(match?.[1] ?? match?.[2]);
  if (!(percent > 0)) return undefined;
  const said = /^(?:percentile|perzentil)$/.test(tokens[at + 1]?.word ?? "");
  // "p95" alone is one, "95th" is not.
  if (match?.[1] === undefined && !said) return undefined;
  return { meaning: { analysis: "percentiles", property: "", percentiles: [percent] }, length: said ? 2 : 1 };
}

function of(analysis: AnalysisName, property: string): Measure {
  return { ...COUNT, analysis, property };
}
