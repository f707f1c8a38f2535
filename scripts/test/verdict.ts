import { relative } from "node:path";

/** What Vitest's JSON reporter writes, as far as it is read here, and what failed outside of any test. */
export interface VitestReport {
  readonly unhandled: readonly string[];
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  /** Absolute path. */
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly VitestCase[];
}

interface VitestCase {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of the passed, those that failed at first. */
  readonly unsteady: number;
  /** One line for each failure and each unsteady test, with its name and why. */
  readonly lines: readonly string[];
}

/** They drive a real server or browser, whose timing is not ours. Everything else gives the same answer each time it is asked. */
const DRIVES_SOMETHING = /\.(?:live|browser)\.test\.tsx?$/;

/** The files of which something failed that is worth a second try. A failure of anything else is final. */
export function secondTry(report: VitestReport): readonly string[] {
  return failedFiles(report)
    .map(({ name }) => name)
    .filter((name) => DRIVES_SOMETHING.test(name));
}

/**
 * What a run comes to. `again` is the report of those files that were tried once more, alone: what passed there counts as passed and
 * is named as unsteady, because a test that fails one time in a hundred is a fault of the test or of the product all the same.
 */
export function verdict(report: VitestReport, again: VitestReport | undefined, root: string): Verdict {
  const lines = [...report.unhandled, ...(again?.unhandled ?? [])].map(
    (error) => `FAILED: outside of any test: ${error}`,
  );
  let failed = lines.length;
  let unsteady = 0;
  for (const { name, message, assertionResults } of failedFiles(report)) {
    const retried = again?.testResults.find((file) => file.name === name);
    const file = relative(root, name);
    // A file that could not even be loaded has no failed test in it, yet it is a failure.
    const failures = assertionResults.filter(({ status }) => status === "failed");
    if (failures.length === 0) {
      failed += 1;
      lines.push(`FAILED: ${file} could not run: ${firstLine(message)}`);
    }
    for (const { fullName, failureMessages } of failures) {
      const passedThen = retried?.assertionResults.some(
        (test) => test.fullName === fullName && test.status === "passed",
      );
      if (passedThen) unsteady += 1;
      else failed += 1;
      lines.push(`${passedThen ? "UNSTEADY" : "FAILED"}: ${file} > ${fullName}: ${firstLine(failureMessages?.[0])}`);
    }
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests + unsteady, failed, skipped, unsteady, lines };
}

function failedFiles(report: VitestReport): readonly VitestFile[] {
  return report.testResults.filter(({ status }) => status === "failed");
}

function firstLine(message = "no message"): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, 300);
}
