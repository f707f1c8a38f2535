import { VIEWS } from "../../../questions/ask.ts";
import { DIMENSIONS, type Dimension } from "../../../state/dimensions.ts";
import { phrases, type Phrases } from "./phrases.ts";

/** A property that a question may name. */
interface KnownProperty {
  readonly field: string;
  readonly isNumber: boolean;
}

/** What the words of a question may name in this project. */
export interface Vocabulary {
  readonly events: Phrases<string>;
  readonly properties: Phrases<KnownProperty>;
  /** Codes by name. */
  readonly countries: Phrases<string>;
}

export interface Subject {
  readonly events: readonly string[];
  /** Of the events' own. */
  readonly properties: readonly { readonly name: string; readonly isNumber: boolean }[];
  /** Whether a standard property may be named. */
  readonly offers: (field: string) => boolean;
  readonly locale: string;
}

const VIEWS_NAMES = [
  "page view",
  "page views",
  "pageview",
  "pageviews",
  "views",
  "hits",
  "seitenaufruf",
  "seitenaufrufe",
  "aufrufe",
];

/** Beside a dimension's label and title in the page's language: what people call it. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  page: ["page", "pages", "path", "url", "seite", "seiten"],
  entry: ["landing page", "landing pages", "entry page", "entry pages", "einstiegsseite", "einstiegsseiten"],
  channel: ["channel", "channels", "kanal", "kanäle", "kanälen"],
  source: ["source", "sources", "quelle", "quellen"],
  campaign: ["campaign", "campaigns", "kampagne", "kampagnen"],
  referrer: ["referrer", "referrers"],
  medium: ["medium"],
  country: ["country", "countries", "land", "länder", "ländern"],
  region: ["region", "regions", "regionen"],
  city: ["city", "cities", "stadt", "städte", "städten"],
  language: ["language", "languages", "sprache", "sprachen"],
  device: ["device", "devices", "gerät", "geräte", "geräten"],
  browser: ["browser", "browsers", "browsern"],
  os: ["os", "system", "systems", "operating system", "operating systems", "betriebssystem", "betriebssysteme"],
  screen: ["screen", "screens", "bildschirm", "bildschirme"],
  widget: ["widget", "widgets"],
  version: ["widget version", "widget versions"],
  placement: ["placement", "placements"],
  event: ["event", "events", "ereignis", "ereignisse", "ereignissen"],
};

/** The names that are known: those of the project before ours, since its own mean more to who asks. */
export function vocabularyOf({ events, properties, offers, locale }: Subject): Vocabulary {
  const known = DIMENSIONS.filter(
    ({ field, collections, kind }) => collections === undefined && kind === undefined && offers(field),
  );
  return {
    events: phrases(
      ...events.map((name) => [name === VIEWS ? [...VIEWS_NAMES, ...spoken(name)] : spoken(name), name] as const),
    ),
    properties: phrases(
      ...known.map((dimension) => [namesOf(dimension), { field: dimension.field, isNumber: false }] as const),
      ...properties.map(({ name, isNumber }) => [spoken(name), { field: name, isNumber }] as const),
    ),
    countries: countriesIn(locale),
  };
}

function namesOf({ short, label, title }: Dimension): readonly string[] {
  return [label.toLowerCase(), title.toLowerCase(), ...(ALSO[short] ?? [])];
}

/** A name as it is written, and as it is said: `sign_ups` is "sign ups", "sign up", "signups". */
function spoken(name: string): readonly string[] {
  const written = name.toLowerCase();
  const said = name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/[-_.\s]+/g, " ")
    .trim();
  const forms = [written, said, said.replaceAll(" ", "-"), said.replaceAll(" ", "")];
  return forms.flatMap((form) => [form, form.endsWith("s") ? form.slice(0, -1) : `${form}s`]).filter(Boolean);
}

/** Short names that the lists of the locale do not hold. */
const SHORT = [
  ["US", ["usa", "us", "america", "amerika"]],
  ["GB", ["uk", "england", "britain"]],
] as const;

/** ISO 3166 has two letters for each: whatever the locale has a name for is one. */
function countriesIn(locale: string): Phrases<string> {
  const found = new Map<string, string>();
  for (const language of new Set(["en", locale])) {
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const code of CODES) {
      const name = names.of(code);
      if (name !== undefined) found.set(name.toLowerCase(), code);
    }
  }
  for (const [code, others] of SHORT) for (const name of others) found.set(name, code);
  return found;
}

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
/** Without those that stand for another one: DD is Germany, too, by name. */
const CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(
  (code) => new Intl.Locale(`und-${code}`).region === code,
);
