import { MillraceError, type JsonObject, type Order } from "@millrace/core";
import { check, quotable } from "./check.ts";
import { refuseUnknown } from "./known.ts";
import { WIRE } from "./wire.ts";

export interface Ordering {
  readonly orderBy: readonly Order[];
  readonly limit?: number;
  readonly other?: string;
}

/**
 * Reads `order_by`, `limit` and `other`. An order needs groups, a limit needs an order: without it, which rows are left would be chance.
 * @param labels names of the row's values: `result`, or the labels of a multi_analysis
 * @throws MillraceError `InvalidParameterError`
 */
export function parseOrder(raw: JsonObject, groupBy: readonly string[], labels: readonly string[]): Ordering {
  const orderBy = parseOrderBy(raw, [...groupBy, ...labels]);
  if (orderBy.length > 0 && groupBy.length === 0) {
    throw new MillraceError("InvalidParameterError", "order_by needs group_by.");
  }
  if (raw["limit"] === undefined) {
    if (raw["other"] === undefined) return { orderBy };
    throw new MillraceError("InvalidParameterError", "other needs limit: it stands for what a limit cuts off.");
  }
  const limit = check(WIRE.limit, raw["limit"], "limit");
  if (orderBy.length === 0) throw new MillraceError("InvalidParameterError", "limit needs order_by.");
  return { orderBy, limit, ...(raw["other"] !== undefined && { other: check(WIRE.other, raw["other"], "other") }) };
}

function parseOrderBy(raw: JsonObject, allowed: readonly string[]): Order[] {
  if (raw["order_by"] === undefined) return [];
  for (const entry of [raw["order_by"]].flat()) {
    refuseUnknown(entry, { known: ["property_name", "direction"], of: "order_by" });
  }
  return [check(WIRE.order_by, raw["order_by"], "order_by")].flat().map((entry) => {
    const { property_name: by, direction = "ASC" } = typeof entry === "string" ? { property_name: entry } : entry;
    if (!allowed.includes(by)) {
      throw new MillraceError(
        "InvalidParameterError",
        `order_by "${quotable(by)}" is not in the answer's rows. Use ${allowed.map(quotable).join(" or ")}.`,
      );
    }
    return { by, direction: direction === "DESC" ? "desc" : "asc" };
  });
}
