import { expect, test } from "vitest";
import { emptyValue } from "./empty.ts";
import type { Measure } from "./query.ts";

const FIELD = { field: "x" };

test.each<[Measure<string>, unknown]>([
  [{ kind: "count" }, 0],
  [{ kind: "count_unique", ...FIELD }, 0],
  [{ kind: "sum", ...FIELD }, 0],
  [{ kind: "select_unique", ...FIELD }, []],
  [{ kind: "average", ...FIELD }, null],
  [{ kind: "minimum", ...FIELD }, null],
  [{ kind: "maximum", ...FIELD }, null],
  [{ kind: "standard_deviation", ...FIELD }, null],
  [{ kind: "percentile", ...FIELD, percentile: 50 }, null],
  [{ kind: "percentiles", ...FIELD, percentiles: [50, 99] }, [null, null]],
])("over no events %j is %j", (measure, value) => {
  expect(emptyValue(measure)).toEqual(value);
});
