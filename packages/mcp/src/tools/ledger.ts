import * as z from "zod";
import { rowsOfResult } from "../fit.ts";
import type { Tool } from "./tool.ts";

const span = z.looseObject({
  timeframe: z.string().default("this_1_days").describe('Which hours of receipt, such as "this_7_days".'),
});

export const ledger: Tool<z.output<typeof span>> = {
  name: "ledger",
  title: "What became of every event",
  description:
    "How many events were accepted, stored, duplicates, rejected (with the reasons) or are still on their way, by hour of receipt. Ask it when numbers look too low or data seems to be missing.",
  input: span,
  run: (api, asked, signal) =>
    api.get(`/ledger?${String(new URLSearchParams(asked as Record<string, string>))}`, signal),
  rowsOf: rowsOfResult,
  advice: "Ask about a shorter timeframe.",
};
