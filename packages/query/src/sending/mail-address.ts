import { MillraceError } from "@millrace/core";
import { isMailAddress } from "@millrace/ops";

/**
 * An address as it is kept and compared: in lower case, which no mail provider tells apart.
 * @param path where it stood, for the error
 * @throws MillraceError `InvalidParameterError`
 */
export function readMailAddress(text: string, path: string): string {
  const address = text.trim().toLowerCase();
  if (isMailAddress(address)) return address;
  throw new MillraceError("InvalidParameterError", `${path} must be one mail address such as ada@example.com.`);
}
