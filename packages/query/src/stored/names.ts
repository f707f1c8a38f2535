import { MillraceError } from "@millrace/core";
import { quotable } from "../parse/check.ts";

/** Keen's rule for the names of saved queries and datasets. */
const NAME = /^[A-Za-z0-9_-]{1,200}$/;

/** @throws MillraceError `InvalidParameterError` for a name that cannot be given */
export function checkName(name: string, path: string): string {
  if (NAME.test(name)) return name;
  throw new MillraceError(
    "InvalidParameterError",
    `${path} "${quotable(name)}" cannot be used: a name has 1 to 200 letters, digits, - or _.`,
  );
}

/** What cannot have been given is not looked up: a registry refuses long or empty keys as a fault of its own. */
export function isName(name: string): boolean {
  return NAME.test(name);
}
