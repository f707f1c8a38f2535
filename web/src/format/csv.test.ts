import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test("quotes what needs it, and no cell is a formula", () => {
  expect(
    csvOf([
      ["page", "visitors"],
      ['/a,"b"', 12],
      ["=1+1", -3],
      [null, 0],
    ]),
  ).toBe('page,visitors\r\n"/a,""b""",12\r\n\'=1+1,-3\r\n,0\r\n');
});
