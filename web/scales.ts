import type { Plugin } from "vite";

const D3_SCALE = "victory-vendor/d3-scale";
const OURS = "\0scales";

/**
 * Recharts looks scales up by name, so that a bundler must keep all there are, and with them the parsing and formatting of times. Our axes
 * are of three kinds: the others are left out, a tenth of the chart's bytes. An axis that names another kind falls back to points.
 */
export const scales: Plugin = {
  name: "scales",
  enforce: "pre",
  resolveId: (source, importer) => (source === D3_SCALE && importer !== OURS ? OURS : undefined),
  load: (id) => (id === OURS ? `export { scaleBand, scaleLinear, scalePoint } from "${D3_SCALE}";` : undefined),
};
