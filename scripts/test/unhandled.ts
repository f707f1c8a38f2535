import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";

/**
 * A reporter of Vitest that writes what failed outside of any test, one message a line, into the file that `MILLRACE_UNHANDLED` names.
 * The JSON report does not hold it, and a run in which all tests passed beside a rejection that nobody handled has failed.
 */
export default class Unhandled implements Reporter {
  onTestRunEnd(_files: unknown, errors: readonly { readonly message: string }[]): void {
    const file = process.env["MILLRACE_UNHANDLED"];
    if (!file) throw new Error("MILLRACE_UNHANDLED names no file.");
    writeFileSync(file, errors.map(({ message }) => `${message.split("\n", 1)[0]}\n`).join(""));
  }
}
