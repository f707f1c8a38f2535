import { parseArgs, type ParseArgsConfig } from "node:util";

/** The command was called in a way that means nothing: its usage is shown beside the message. */
class UsageError extends Error {}

/**
 * Reads a command's arguments. `--help` prints the usage and ends; a mistake is said in a line, with the usage below it, and ends with
 * exit code 2.
 * @param usage its first line is the command
 * @param config as Node's `parseArgs` takes it; `help` is added
 * @param read checks and converts; what it throws by {@link mistake} counts as one
 */
export function readCommand<const Config extends ParseArgsConfig, Result>(
  usage: string,
  config: Config,
  read: (parsed: ReturnType<typeof parseArgs<Config>>) => Result,
): Result {
  const isWanted = process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h");
  if (isWanted) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read(parseArgs(config));
  } catch (error) {
    if (!isMistake(error)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

/** @throws always, for {@link readCommand} to show */
export function mistake(message: string): never {
  throw new UsageError(message);
}

/** A number of an option. @throws by {@link mistake} when it is none, below `least`, or not whole where it must be */
export function numberOf(name: string, text: string, { least = 0, whole = false } = {}): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= least && (!whole || Number.isSafeInteger(value))) return value;
  const range = least > 0 ? ` of ${least} or more` : ", not below 0";
  return mistake(`--${name} is "${text}"; it must be a ${whole ? "whole " : ""}number${range}.`);
}

function isMistake(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
