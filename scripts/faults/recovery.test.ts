import { expect, test } from "vitest";
import { recoveryTable } from "./recovery.ts";

test("one line for each kind of fault: how often, the middle and the longest", () => {
  const seconds = new Map([
    ["kill", [3, 1, 2]],
    ["outage", [12.34]],
  ]);
  expect(recoveryTable(seconds)).toEqual([
    { fault: "kill", times: 3, "median s": "2.0", "longest s": "3.0" },
    { fault: "outage", times: 1, "median s": "12.3", "longest s": "12.3" },
  ]);
});
