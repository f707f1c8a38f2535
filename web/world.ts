import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { Plugin } from "vite";
import topology from "world-atlas/countries-110m.json" with { type: "json" };

const MODULE = "virtual:world";

/** The map is drawn when the dashboard is built: a browser gets 10 KB of paths, not a projection and 40 KB of what they are made from. */
export function world(): Plugin {
  return {
    name: MODULE,
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) => (id === `\0${MODULE}` ? `export default ${JSON.stringify(drawn())};` : undefined),
  };
}

/** Nobody lives there, and it would take a fifth of the map. */
const ANTARCTICA = "AQ";
/** Whole numbers are as fine as a screen shows. */
const WIDTH = 700;

/**
 * The countries of the world that are large enough to be seen. Equal Earth shows areas as they are: a colour over Greenland must not
 * outweigh one over Africa.
 */
function drawn() {
  const shown = feature(topology, topology.objects.countries)
    .features.map((country) => ({ country, code: codeOf(country.id, country.properties.name) }))
    .filter(({ code }) => code !== ANTARCTICA);
  const all = { type: "FeatureCollection" as const, features: shown.map(({ country }) => country) };
  const draw = geoPath(geoEqualEarth().fitWidth(WIDTH, all)).digits(0);
  const [, [width, height]] = draw.bounds(all);
  const shapes = shown.map(({ country, code }) => ({ code, path: stepwise(draw(country) ?? "") }));
  return { width: Math.ceil(width), height: Math.ceil(height), shapes };
}

/**
 * The same path in steps from point to point, which are small numbers, without those that lead nowhere, and without what SVG lets one
 * leave out: a letter that repeats the one before, a space before a minus. Nearly half of it is saved.
 */
function stepwise(path: string): string {
  let [x, y, before] = [0, 0, ""];
  return path.replace(/([MLZ])(?:(-?\d+),(-?\d+))?/g, (_, command: string, atX: string, atY: string) => {
    const [stepX, stepY] = [Number(atX) - x, Number(atY) - y];
    if (command === "L" && stepX === 0 && stepY === 0) return "";
    const repeats = command === "L" && before === "L";
    before = command;
    if (command === "Z") return "z";
    [x, y] = [Number(atX), Number(atY)];
    return command === "M" ? `M${pair(x, y)}` : `${repeats ? (stepX < 0 ? "" : " ") : "l"}${pair(stepX, stepY)}`;
  });
}

function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`;
}

/** ISO's two letters, as events carry them. The atlas has ISO's number, which every `Intl` knows as another name of the same. */
function codeOf(id: string | number | undefined, name: string): string | undefined {
  if (id === undefined) return name === "Kosovo" ? "XK" : undefined;
  const [locale] = Intl.getCanonicalLocales(`und-${String(id).padStart(3, "0")}`);
  return locale === undefined ? undefined : new Intl.Locale(locale).region;
}
