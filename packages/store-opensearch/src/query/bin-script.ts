import { FARTHEST_BUCKET, type Bins, type Field } from "@millrace/core";

/**
 * The bin of a number, for a composite aggregation where the engine's own buckets are not ours (see bins.ts), and for ranges beside
 * other keys. It is run for every event: such a question takes four to eight times as long. The texts never change and everything of
 * a query is a parameter, so that the server compiles each once.
 */
export function binScript(bins: Bins<Field>, number: string): object {
  const source = bins.kind === "buckets" ? BUCKET : RANGE;
  return { lang: "painless", source: `${VALUE} ${source}`, params: { field: number, ...paramsOf(bins) } };
}

function paramsOf(bins: Bins<Field>): object {
  if (bins.kind === "buckets") return { ...bins.grid, farthest: FARTHEST_BUCKET };
  // The first and last number there are in place of no limit: an infinite one has no JSON.
  return {
    from: bins.ranges.map(({ from }) => from ?? -Number.MAX_VALUE),
    to: bins.ranges.map(({ to }) => to ?? Number.MAX_VALUE),
    endless: bins.ranges.map(({ to }) => to === undefined),
  };
}

/** An index that has never seen the property does not know its field. */
const VALUE =
  "if (!doc.containsKey(params.field) || doc[params.field].size() == 0) return null; double v = doc[params.field].value;";

/** Dividing may miss by one where a decimal has no double of its own; the edges, computed as core computes them, put it right. */
const BUCKET = `
double size = params.sizeUnits; double offset = params.offsetUnits; double one = params.unitsPerOne;
double k = Math.floor((v - (double) params.offset) / (double) params.size);
if (Math.abs(k) > (double) params.farthest) return null;
if (v >= (offset + (k + 1) * size) / one) return k + 1;
if (v < (offset + k * size) / one) return k - 1;
return k;`;

const RANGE = `
for (int i = 0; i < params.from.size(); i++) {
  if (v >= (double) params.from[i] && (params.endless[i] || v < (double) params.to[i])) return (double) i;
}
return null;`;
