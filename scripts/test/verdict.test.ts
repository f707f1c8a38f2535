import { describe, expect, test } from "vitest";
import { secondTry, verdict, type VitestReport } from "./verdict.ts";

type Outcome = "passed" | "failed";

/** A report of files and the outcome of each test in them. */
function reportOf(files: Record<string, Record<string, Outcome>>): VitestReport {
  const tests = Object.values(files).flatMap((file) => Object.values(file));
  return {
    unhandled: [],
    numPassedTests: tests.filter((outcome) => outcome === "passed").length,
    numFailedTests: tests.filter((outcome) => outcome === "failed").length,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: Object.entries(files).map(([name, cases]) => {
      const broken = Object.keys(cases).length === 0;
      return {
        name: `/here/${name}`,
        status: broken || Object.values(cases).includes("failed") ? "failed" : "passed",
        message: broken ? "Cannot find package\n  at somewhere" : "",
        assertionResults: Object.entries(cases).map(([fullName, status]) => ({
          fullName,
          status,
          failureMessages: status === "failed" ? ["expected 1 to be 2\n  at somewhere"] : [],
        })),
      };
    }),
  };
}

describe("what a run of all tests comes to", () => {
  const first = reportOf({
    "a.test.ts": { "adds up": "failed", "is there": "passed" },
    "b.browser.test.ts": { opens: "failed", closes: "failed", rests: "passed" },
    "c.live.test.ts": {},
    "d.live.test.ts": { answers: "passed" },
  });

  test("only what drives a server or a browser is tried again", () => {
    expect(secondTry(first)).toEqual(["/here/b.browser.test.ts", "/here/c.live.test.ts"]);
  });

  test("without a second try everything that failed has failed, a file that could not be loaded too", () => {
    expect(verdict(first, undefined, "/here")).toEqual({
      passed: 3,
      failed: 4,
      skipped: 0,
      unsteady: 0,
      lines: [
        "FAILED: a.test.ts > adds up: expected 1 to be 2",
        "FAILED: b.browser.test.ts > opens: expected 1 to be 2",
        "FAILED: b.browser.test.ts > closes: expected 1 to be 2",
        "FAILED: c.live.test.ts could not run: Cannot find package",
      ],
    });
  });

  test("what passes the second time is counted as passed and named", () => {
    const again = reportOf({ "b.browser.test.ts": { opens: "passed", closes: "failed", rests: "passed" } });
    const { passed, failed, unsteady, lines } = verdict(first, again, "/here");
    expect({ passed, failed, unsteady }).toEqual({ passed: 4, failed: 3, unsteady: 1 });
    expect(lines).toContain("UNSTEADY: b.browser.test.ts > opens: expected 1 to be 2");
    expect(lines).toContain("FAILED: b.browser.test.ts > closes: expected 1 to be 2");
  });

  test("what failed outside of any test fails the run, whatever passed at the second try", () => {
    const fine = reportOf({ "b.browser.test.ts": { opens: "passed" } });
    const { failed, lines } = verdict({ ...fine, unhandled: ["gone away"] }, fine, "/here");
    expect(failed).toBe(1);
    expect(lines).toEqual(["FAILED: outside of any test: gone away"]);
  });

  test("a second try in which a test does not occur saves nothing", () => {
    expect(verdict(first, reportOf({ "b.browser.test.ts": { rests: "passed" } }), "/here").failed).toBe(4);
  });
});
