import { toUnicode } from "punycode/punycode.es6.js";

/**
 * Scripts that a label may be shown in, each alone; Japanese is written in three, Korean in two. Left out are alphabets with many
 * letters that look like Latin ones (Armenian, Georgian, Ethiopic, Cherokee …), and Latin letters that no language's spelling has
 * for long (ɡ, ı, ſ).
 */
const SCRIPTS: readonly RegExp[] = [
  /^[a-z0-9\u00DF-\u00F6\u00F8-\u0130\u0132-\u0137\u0139-\u0148\u014A-\u017E\u01A1\u01B0\u0219\u021B\u1E00-\u1EFF-]+$/u,
  /^[\p{sc=Cyrillic}0-9-]+$/u,
  /^[\p{sc=Greek}0-9-]+$/u,
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー0-9-]+$/u,
  /^[\p{sc=Han}\p{sc=Hangul}0-9-]+$/u,
  ...[
    "Arabic",
    "Hebrew",
    "Thai",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Telugu",
    "Gujarati",
    "Khmer",
    "Lao",
    "Sinhala",
  ].map((script) => new RegExp(String.raw`^[\p{sc=${script}}0-9-]+$`, "u")),
];

/** Letters of Cyrillic and Greek that are drawn as Latin ones are: a label of nothing else could be taken for a Latin name. */
const LOOK_LATIN = /^(?:[аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡ0-9-]+|[αικνρυωηοτ0-9-]+)$/u;
const LATIN = /^[a-z0-9-]+$/;

/**
 * A host for people: `xn--bcher-kva.example` as `bücher.example`. It is stored as it is sent, and shown so wherever letters could pass
 * for others': a label of two scripts, of look-alikes under a Latin ending, or one that is not what its letters would be encoded as.
 * Who reads a report must be able to tell `xn--80ak6aa92e.com` from apple.com.
 * @param host with or without a port
 */
export function readableHost(host: string): string {
  if (!/(?:^|\.)xn--/i.test(host)) return host;
  const [, name = host, port = ""] = /^(.*?)(:\d+)?$/.exec(host) ?? [];
  const labels = decoded(name).split(".");
  const ending = labels.at(-1) ?? "";
  const isSafe = labels.every(
    (label) =>
      SCRIPTS.some((script) => script.test(label)) &&
      (LATIN.test(label) || !LOOK_LATIN.test(label) || !LATIN.test(ending)),
  );
  const shown = labels.join(".");
  return isSafe && URL.parse(`http://${shown}`)?.hostname === name ? shown + port : host;
}

function decoded(name: string): string {
  try {
    return toUnicode(name);
  } catch {
    return name;
  }
}
