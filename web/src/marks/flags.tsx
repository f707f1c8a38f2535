import * as FLAGS from "country-flag-icons/string/3x2";
import { Picture } from "./picture.tsx";

const BY_CODE: Readonly<Record<string, string | undefined>> = FLAGS;

/** A country's flag; of a code that is none, nothing. @param value ISO 3166-1 alpha-2 */
export default function Flag({ value }: { readonly value: string }) {
  const drawn = BY_CODE[value];
  return drawn === undefined ? null : <Picture svg={drawn} framed />;
}
