import type { Page } from "../../state/page.tsx";
import type { Cell } from "./table.ts";

/** A cell in words: whole numbers as counts, others with two decimals, nothing as a dash. */
export function cellText(numbers: Page["numbers"], cell: Cell): string {
  if (typeof cell === "string") return cell;
  return cell === null || Number.isInteger(cell) ? numbers.value(cell, "count") : numbers.value(cell, "amount");
}
