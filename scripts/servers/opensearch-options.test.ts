import { describe, expect, test } from "vitest";
import { parseOpenSearchOptions } from "./opensearch-options.ts";

describe("options of npm run opensearch", () => {
  test("without options it is port 9200 and the default folder", () => {
    expect(parseOpenSearchOptions([])).toEqual({ help: false, port: 9200, data: undefined });
  });

  test("takes a port and a folder", () => {
    expect(parseOpenSearchOptions(["--port", "9301", "--data=/tmp/x"])).toEqual({
      help: false,
      port: 9301,
      data: "/tmp/x",
    });
  });

  test.each(["0", "65536", "92x", "-1", "1.5", ""])("refuses the port %j instead of guessing one", (port) => {
    expect(() => parseOpenSearchOptions([`--port=${port}`])).toThrow("--port must be a number");
  });

  test("refuses an unknown option by name", () => {
    expect(() => parseOpenSearchOptions(["--prot", "9301"])).toThrow("--prot");
  });
});
