/** Grounds that accents are read on (design/tokens.css: `--surface`), and what text needs to be read (WCAG AA). */
const GROUNDS = { light: "#ffffff", dark: "#14191d" } as const;
const READABLE = 4.5;
const STEPS = 40;

type Rgb = readonly [number, number, number];

/**
 * A company's colour as this page can use it: on both grounds as near to it as can still be read, and what is written on it.
 * @param accent `#rrggbb`
 */
export function accentTokens(accent: string): Readonly<Record<string, string>> {
  const [light, dark] = [readableOn(accent, GROUNDS.light), readableOn(accent, GROUNDS.dark)];
  const on = (ground: string) => (contrast("#ffffff", ground) >= READABLE ? "#ffffff" : "#06141c");
  const wash = (percent: number) => `color-mix(in oklab, var(--accent) ${percent}%, var(--surface))`;
  return {
    "--accent": `light-dark(${light}, ${dark})`,
    "--accent-ink": `light-dark(${on(light)}, ${on(dark)})`,
    "--accent-wash": wash(12),
    "--bar": wash(18),
    "--bar-on": wash(32),
  };
}

/** The colour itself, or the first on its way to the far end of the scale that stands out enough. */
function readableOn(colour: string, ground: string): string {
  const far: Rgb = luminance(rgbOf(ground)) > 0.5 ? [0, 0, 0] : [255, 255, 255];
  for (let step = 0; step <= STEPS; step++) {
    const mixed = mix(rgbOf(colour), far, step / STEPS);
    if (contrast(mixed, ground) >= READABLE) return mixed;
  }
  return hexOf(far);
}

/** Of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(rgbOf(a)), luminance(rgbOf(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance([r, g, b]: Rgb): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function mix(from: Rgb, to: Rgb, share: number): string {
  const at = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * share);
  return hexOf([at(0), at(1), at(2)]);
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
