import type { JsonObject } from "@millrace/core";

/** One of several, and how often for each hundred or so. */
type Weighted<T> = readonly (readonly [weight: number, value: T])[];

/** A number from 0 up to 1. Given, so that a day can be made again. */
export type Chance = () => number;

function pick<T>(chance: Chance, choices: Weighted<T>): T {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let left = chance() * total;
  for (const [weight, value] of choices) if ((left -= weight) < 0) return value;
  return (choices.at(-1) as (typeof choices)[number])[1];
}

const AGENTS: Weighted<string> = [
  [
    30,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  ],
  [
    22,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
  ],
  [
    18,
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
  ],
  [
    12,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
  ],
  [8, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"],
  [
    5,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
  ],
  [2, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"],
  [2, "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)"],
];

const PLACES: Weighted<{ readonly language: string; readonly timezone: string }> = [
  [26, { language: "en-US", timezone: "America/New_York" }],
  [18, { language: "de-DE", timezone: "Europe/Berlin" }],
  [13, { language: "en-GB", timezone: "Europe/London" }],
  [9, { language: "fr-FR", timezone: "Europe/Paris" }],
  [8, { language: "pt-BR", timezone: "America/Sao_Paulo" }],
  [7, { language: "en-IN", timezone: "Asia/Kolkata" }],
  [6, { language: "ja-JP", timezone: "Asia/Tokyo" }],
  [5, { language: "pl-PL", timezone: "Europe/Warsaw" }],
  [4, { language: "en-AU", timezone: "Australia/Sydney" }],
];

/** How people come: the page they land on, and who referred them. */
const ARRIVALS: Weighted<{ readonly page: string; readonly referrer?: string }> = [
  [24, { page: "/demo" }],
  [26, { page: "/demo", referrer: "https://www.google.com/" }],
  [10, { page: "/demo?utm_source=newsletter&utm_medium=email&utm_campaign=spring-tide" }],
  [8, { page: "/demo/guides", referrer: "https://www.google.com/" }],
  [7, { page: "/demo/pricing", referrer: "https://news.ycombinator.com/" }],
  [
    6,
    {
      page: "/demo/pricing?utm_source=linkedin&utm_medium=social&utm_campaign=desks",
      referrer: "https://www.linkedin.com/",
    },
  ],
  [6, { page: "/demo/guides", referrer: "https://chatgpt.com/" }],
  [5, { page: "/demo/pricing?gclid=demo", referrer: "https://www.google.com/" }],
  [4, { page: "/demo", referrer: "https://www.bing.com/" }],
  [4, { page: "/demo", referrer: "https://example.org/blog" }],
];

/** Where they go on from each page; nothing: they leave. */
const WAYS: Readonly<Record<string, Weighted<string | undefined>>> = {
  "/demo": [
    [44, undefined],
    [28, "/demo/pricing"],
    [14, "/demo/app"],
    [14, "/demo/guides"],
  ],
  "/demo/pricing": [
    [55, undefined],
    [20, "/demo/contact"],
    [15, "/demo/app"],
    [10, "/demo"],
  ],
  "/demo/guides": [
    [58, undefined],
    [22, "/demo/pricing"],
    [20, "/demo/app"],
  ],
  "/demo/app": [
    [30, undefined],
    [30, "/demo/app/launch"],
    [22, "/demo/app/retro"],
    [18, "/demo/app/ideas"],
  ],
  "/demo/contact": [
    [85, undefined],
    [15, "/demo"],
  ],
};
const FROM_A_BOARD: Weighted<string | undefined> = [
  [50, undefined],
  [50, "/demo/app"],
];
const TITLES: Readonly<Record<string, string>> = {
  "/demo": "Notes that keep up",
  "/demo/pricing": "Pricing",
  "/demo/guides": "Guides",
  "/demo/app": "Boards",
  "/demo/contact": "Contact",
};
const PRICES = { shore: 4, harbour: 8, ocean: 14 } as const;
const MOST_PAGES = 12;

export interface Visitor {
  readonly agent: string;
  readonly address: string;
  readonly language: string;
  readonly timezone: string;
}

export function visitorOf(chance: Chance): Visitor {
  const byte = () => Math.floor(chance() * 254) + 1;
  // RFC 2544's network for benchmarks: nobody's, and in no country by any database, so that the time zone tells.
  return { agent: pick(chance, AGENTS), address: `198.18.${byte()}.${byte()}`, ...pick(chance, PLACES) };
}

/** A page that was looked at, for how long, and what was done on it. */
interface Stop {
  readonly page: string;
  readonly title: string;
  readonly engagedMs: number;
  readonly deeds: readonly Deed[];
}

interface Deed {
  readonly collection: string;
  readonly properties?: JsonObject;
  readonly target?: string;
  /** Which widget it was done with, and what. */
  readonly widget?: Widget;
  readonly action?: string;
}

/** One of the widgets on the pages, as their `data-widget…` say. */
interface Widget {
  readonly id: string;
  readonly version: string;
  readonly placement: string;
}

const CALCULATOR: Widget = { id: "plan-calculator", version: "2", placement: "pricing" };
const POLL: Widget = { id: "helpful-poll", version: "1", placement: "guides" };

export interface Journey {
  readonly referrer: string | undefined;
  readonly stops: readonly Stop[];
}

export function journeyOf(chance: Chance): Journey {
  const { page, referrer } = pick(chance, ARRIVALS);
  const stops: Stop[] = [];
  let next: string | undefined = page;
  while (next !== undefined && stops.length < MOST_PAGES) {
    const path: string = next.split("?", 1)[0] ?? next;
    const engagedMs = Math.round(2_000 + 60_000 * chance() ** 2);
    stops.push({ page: next, title: TITLES[path] ?? "Board", engagedMs, deeds: deedsOn(path, chance) });
    next = pick(chance, WAYS[path] ?? FROM_A_BOARD);
  }
  return { referrer, stops };
}

/** What is done on a page, in the order it is done: steps of its widget, and what the site records by itself. */
function deedsOn(path: string, chance: Chance): Deed[] {
  const happens = (probability: number) => chance() < probability;
  switch (path) {
    case "/demo":
      return happens(0.12) ? [{ collection: "trial_intents", properties: { place: "hero" } }] : [];
    case "/demo/pricing":
      return withCalculator(chance, happens);
    case "/demo/guides":
      return [
        ...(happens(0.3) ? [download("handbook.txt")] : []),
        ...(happens(0.12) ? [download("shortcuts.csv")] : []),
        ...withPoll(happens),
        ...(happens(0.2) ? [{ collection: "outbound_clicks", target: "https://example.com/api" }] : []),
      ];
    case "/demo/contact":
      return happens(0.4)
        ? [
            { collection: "form_submissions", target: "contact" },
            { collection: "contact_requests", properties: { form: "contact" } },
          ]
        : [];
    default:
      return path.startsWith("/demo/app/") && happens(0.45) ? [{ collection: "notes_created" }] : [];
  }
}

const step = (widget: Widget, action: string, properties?: JsonObject): Deed => ({
  collection: "widgets",
  widget,
  action,
  ...(properties && { properties }),
});
const download = (file: string): Deed => ({ collection: "downloads", target: `/demo/files/${file}` });

/** It is on the first screen: nearly everybody sees it, and who moves the slider sometimes begins a trial. */
function withCalculator(chance: Chance, happens: (probability: number) => boolean): Deed[] {
  const deeds = [step(CALCULATOR, "shown")];
  if (!happens(0.92)) return deeds;
  deeds.push(step(CALCULATOR, "seen"));
  if (!happens(0.55)) return deeds;
  deeds.push(step(CALCULATOR, "interacted"));
  if (!happens(0.42)) return deeds;
  const plan = pick(chance, [
    [3, "shore"],
    [5, "harbour"],
    [2, "ocean"],
  ] as const);
  const seats = 1 + Math.floor(40 * chance() ** 2);
  const trial = { plan, seats, monthly: seats * PRICES[plan] };
  return [...deeds, step(CALCULATOR, "converted"), { collection: "trials", properties: trial }];
}

/** It is below the links: not everybody comes so far. */
function withPoll(happens: (probability: number) => boolean): Deed[] {
  const deeds = [step(POLL, "shown")];
  if (!happens(0.7)) return deeds;
  deeds.push(step(POLL, "seen"));
  if (!happens(0.45)) return deeds;
  const choice = happens(0.8) ? "yes" : "no";
  return [
    ...deeds,
    step(POLL, "interacted"),
    step(POLL, "voted", { choice }),
    { collection: "poll_votes", properties: { choice } },
  ];
}
