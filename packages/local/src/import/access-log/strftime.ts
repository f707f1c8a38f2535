/** What a directive of strftime stands for in a time. */
export type TimePart =
  "year" | "month" | "monthName" | "day" | "hour" | "minute" | "second" | "fraction" | "zone" | "time";

interface TimePiece {
  readonly part: TimePart | "skip";
  readonly pattern: string;
}

const DIRECTIVES: Readonly<Record<string, TimePiece>> = {
  Y: { part: "year", pattern: String.raw`(\d{4})` },
  m: { part: "month", pattern: String.raw`(\d\d)` },
  b: { part: "monthName", pattern: "([A-Za-z]{3})" },
  h: { part: "monthName", pattern: "([A-Za-z]{3})" },
  d: { part: "day", pattern: String.raw`(\d\d)` },
  e: { part: "day", pattern: String.raw`\s?(\d\d?)` },
  H: { part: "hour", pattern: String.raw`(\d\d)` },
  M: { part: "minute", pattern: String.raw`(\d\d)` },
  S: { part: "second", pattern: String.raw`(\d\d)` },
  z: { part: "zone", pattern: String.raw`([+-]\d\d:?\d\d|Z)` },
  s: { part: "time", pattern: String.raw`(\d+)` },
};
const COMPOUND: Readonly<Record<string, string>> = { T: "%H:%M:%S", F: "%Y-%m-%d", R: "%H:%M" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * The pieces of a time that Apache was told to write by a format of strftime. Of names only English ones of months are known:
 * a server that writes them in another language says so in no line.
 * @param literal makes a pattern of what stands between directives
 */
export function strftimePieces(format: string, literal: (text: string) => string): readonly TimePiece[] {
  const whole = format.replaceAll(/%([TFR])/g, (_, letter: string) => COMPOUND[letter] ?? "");
  const pieces: TimePiece[] = [];
  let between = "";
  for (const [piece, letter] of whole.matchAll(/%E?O?([A-Za-z%])|[^%]+|%/g)) {
    if (letter === undefined || letter === "%") {
      between += literal(piece.replace("%%", "%"));
      continue;
    }
    const { part, pattern } = DIRECTIVES[letter] ?? { part: "skip", pattern: String.raw`(\S*?)` };
    pieces.push({ part, pattern: between + pattern });
    between = "";
  }
  const last = pieces.pop();
  return last === undefined ? [] : [...pieces, { ...last, pattern: last.pattern + between }];
}

/**
 * What {@link strftimePieces} found, put together as ISO 8601; without a zone it is UTC.
 * @param of the text of a part, undefined where the format has none
 */
export function strftimeTime(of: (part: TimePart) => string | undefined): string | undefined {
  const [year, day, hour = "00", minute = "00", second = "00"] = (
    ["year", "day", "hour", "minute", "second"] as const
  ).map(of);
  const name = of("monthName");
  const month = of("month") ?? (name === undefined ? undefined : String(MONTHS.indexOf(name) + 1).padStart(2, "0"));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const fraction = of("fraction");
  return `${year}-${month}-${day.padStart(2, "0")}T${hour}:${minute}:${second}${fraction === undefined ? "" : `.${fraction}`}${of("zone") ?? ""}`;
}
