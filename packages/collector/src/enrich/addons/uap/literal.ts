/**
 * The longest text that whatever a pattern matches must hold, in lower case; "" when there is none to be sure of. To look for a text
 * costs a hundredth of running a pattern, and of uap-core's thousand all but a few need not be run on a header.
 *
 * Reads the syntax of JavaScript's regular expressions as far as it must. What it does not look into (classes, escapes of letters,
 * alternatives, assertions, what may be left out) gives no text, which is always right.
 */
export function literalOf(source: string): string {
  const longest = readSequence({ source, at: 0 }).reduce((a, b) => (b.length > a.length ? b : a), "");
  return longest.toLowerCase();
}

interface Reader {
  readonly source: string;
  at: number;
}

const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;
const MAY_BE_ABSENT = /^(?:[*?]|\{0)/;
const GROUP_START = /\((?:\?(?::|<?[=!]|<\w+>))?/y;
const CLASS = /\[\^?\]?(?:\\.|[^\]\\])*\]/y;

/** The texts of a sequence up to its closing bracket or the end; none when it has alternatives. */
function readSequence(reader: Reader): string[] {
  const texts: string[] = [];
  let text = "";
  let hasAlternatives = false;
  const end = () => {
    if (text !== "") texts.push(text);
    text = "";
  };
  while (reader.at < reader.source.length && reader.source[reader.at] !== ")") {
    if (reader.source[reader.at] === "|") {
      hasAlternatives = true;
      reader.at++;
      continue;
    }
    const atom = readAtom(reader);
    const quantifier = take(reader, QUANTIFIER) ?? "";
    const isOneCharacter = typeof atom === "string";
    if (MAY_BE_ABSENT.test(quantifier)) end();
    else if (isOneCharacter) text += atom;
    else {
      end();
      texts.push(...atom);
    }
    // What is repeated is there once, and then something unknown.
    if (quantifier !== "") end();
  }
  end();
  return hasAlternatives ? [] : texts;
}

/** A character that stands for itself, or the texts of anything else. */
function readAtom(reader: Reader): string | string[] {
  const character = reader.source[reader.at] ?? "";
  if (character === "(") {
    const start = take(reader, GROUP_START) ?? "";
    const texts = readSequence(reader);
    reader.at++;
    return /[=!]$/.test(start) ? [] : texts;
  }
  if (character === "[") {
    take(reader, CLASS);
    return [];
  }
  if (character === "\\") {
    const escaped = reader.source[reader.at + 1] ?? "";
    reader.at += 2;
    return /\w/.test(escaped) ? [] : escaped;
  }
  reader.at++;
  return /[.^$]/.test(character) ? [] : character;
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source)?.[0];
  reader.at += found?.length ?? 0;
  return found;
}
