import { useState } from "react";
import world from "virtual:world";
import { inSentence, t } from "../language/words.ts";
import type { BreakdownRow } from "../questions/breakdown.ts";
import { encodeFilter, isFilter, toggleFilter } from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import "./country-map.css";

const FIELD = "$geo.country";
const DRAWN: ReadonlySet<unknown> = new Set(world.shapes.map(({ code }) => code));

interface Props {
  /** Every country of the range, largest first. */
  readonly rows: readonly BreakdownRow[];
  /** Word for the number, "Visitors". */
  readonly measure: string;
}

/**
 * Countries by their share of the largest. A click filters by one, a second one undoes it, as in the list beside it, which holds every
 * number; the map is one stop of the keyboard, in which arrow keys go from the largest to the smallest.
 */
export default function CountryMap({ rows, measure }: Props) {
  const { search, update, numbers, names } = usePage();
  const drawn = rows.filter(({ value, count }) => count > 0 && DRAWN.has(value));
  const [pointed, setPointed] = useState<BreakdownRow["value"]>(null);
  const [stop, setStop] = useState<BreakdownRow["value"]>(null);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const active = new Set(search.filters.map(encodeFilter));
  const isOn = (value: BreakdownRow["value"]) => active.has(encodeFilter(isFilter(FIELD, value)));
  const words = ({ value, count }: BreakdownRow) =>
    `${names(FIELD, value)}: ${numbers.count(count)} (${numbers.value(count / total, "percent")})`;
  const byCode = new Map(drawn.map((row) => [row.value, row]));
  const largest = Math.max(1, ...drawn.map(({ count }) => count));
  const first = byCode.has(stop) ? stop : drawn[0]?.value;
  const shown = byCode.get(pointed);
  const choose = (value: BreakdownRow["value"], out: boolean) => {
    const is = isFilter(FIELD, value);
    update({ filters: toggleFilter(search.filters, out ? { ...is, op: "isnt" } : is) });
  };
  return (
    <figure className="country-map">
      <svg
        viewBox={`0 0 ${world.width} ${world.height}`}
        role="group"
        aria-label={t("Map of {measure} by country", { measure: inSentence(measure) })}
        onKeyDown={walk}
        onPointerLeave={() => setPointed(null)}
      >
        {world.shapes
          .filter(({ code }) => !byCode.has(code ?? null))
          .map(({ path }) => (
            <path key={path} className="country" d={path} />
          ))}
        {drawn.map((row) => (
          <path
            key={String(row.value)}
            className="country counted"
            d={world.shapes.find(({ code }) => code === row.value)?.path}
            // By the root: most sites have one country that is ten times the next.
            style={{ "--share": Math.sqrt(row.count / largest) } as React.CSSProperties}
            role="button"
            aria-label={words(row)}
            aria-pressed={isOn(row.value)}
            tabIndex={row.value === first ? 0 : -1}
            onPointerEnter={() => setPointed(row.value)}
            onFocus={() => {
              setPointed(row.value);
              setStop(row.value);
            }}
            onBlur={() => setPointed(null)}
            onClick={(event) => choose(row.value, event.altKey || event.metaKey || event.ctrlKey)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              choose(row.value, event.altKey || event.metaKey || event.ctrlKey);
            }}
          />
        ))}
      </svg>
      <figcaption>{shown ? words(shown) : elsewhere(rows, { names, numbers })}</figcaption>
    </figure>
  );
}

/** What the map cannot show: those of no known country, and countries too small for it. */
function elsewhere(
  rows: readonly BreakdownRow[],
  { names, numbers }: Pick<ReturnType<typeof usePage>, "names" | "numbers">,
): string {
  const unknown = rows.find(({ value }) => value === null)?.count ?? 0;
  const small = rows.filter(({ value }) => value !== null && !DRAWN.has(value));
  const told = [
    ...(unknown > 0 ? [t("Country unknown: {count}.", { count: numbers.count(unknown) })] : []),
    ...(small.length > 0
      ? [
          t("Too small for the map: {countries}.", {
            countries: small.map(({ value, count }) => `${names(FIELD, value)} ${numbers.count(count)}`).join(", "),
          }),
        ]
      : []),
  ];
  return told.join(" ");
}

/** Arrow keys go to the next country that is larger or smaller; the page's own would change the range. */
function walk(event: React.KeyboardEvent<SVGSVGElement>): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.stopPropagation();
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<SVGPathElement>("[role=button]")];
  const at = stops.findIndex((each) => each === document.activeElement);
  stops[(at + step + stops.length) % stops.length]?.focus();
}
