/** Something that the palette finds and does. */
export interface Command {
  readonly id: string;
  /** What kind of thing it is: "Page", "Range". */
  readonly group: string;
  readonly label: string;
  /** The single key that does the same. */
  readonly hint?: string | undefined;
  readonly run: () => void;
}

/**
 * The commands that a text means, best first: those whose name begins with it, then those of which each word begins one, then those that
 * hold all of its words somewhere, their kind included. Case and accents do not matter.
 */
export function matching(commands: readonly Command[], text: string): readonly Command[] {
  const wanted = fold(text).trim();
  if (wanted === "") return commands;
  const words = wanted.split(/\s+/);
  const rankOf = ({ label, group }: Command): number | undefined => {
    const name = fold(label);
    if (name.startsWith(wanted)) return 0;
    const begins = name.split(/[^\p{L}\p{N}]+/u);
    if (words.every((word) => begins.some((begin) => begin.startsWith(word)))) return 1;
    const whole = `${name} ${fold(group)}`;
    return words.every((word) => whole.includes(word)) ? 2 : undefined;
  };
  return commands
    .map((command) => ({ command, rank: rankOf(command) }))
    .filter((ranked): ranked is { command: Command; rank: number } => ranked.rank !== undefined)
    .sort((a, b) => a.rank - b.rank)
    .map(({ command }) => command);
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
