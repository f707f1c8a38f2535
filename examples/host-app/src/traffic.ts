import type { Customer } from "./customers.ts";

const DAY_MS = 86_400_000;
const PAGES = ["/", "/shop", "/shop/new", "/cart", "/help"];
const SOURCES = ["https://www.google.com/", "https://news.example/", undefined];
const AGENTS = [
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
];

/** Page views of a customer's shop over some weeks, as its importer would send them. */
export function trafficOf({ id }: Customer, days: number, now: number): object[] {
  // Each customer has pages that no other has: whoever sees one of them knows whose it is.
  const pages = [...PAGES.map((page) => page), `/only-${id}`];
  return Array.from({ length: days }, (_, day) =>
    Array.from({ length: 3 + ((day * 7 + id.length) % 5) }, (_unused, n) => {
      const visitor = (day + n) % 23;
      const referrer = SOURCES[(day + n) % SOURCES.length];
      return {
        account: id,
        keen: { timestamp: new Date(now - day * DAY_MS - (n + 1) * 1_200_000).toISOString() },
        $context: {
          ip: `203.0.113.${visitor + 1}`,
          user_agent: AGENTS[n % AGENTS.length],
          url: `https://${id}.example${pages[(day * 3 + n) % pages.length]}`,
          visit_id: `${id}-${day}-${n}`,
          visit_page: 1,
          ...(referrer !== undefined && { referrer }),
        },
      };
    }),
  ).flat();
}
