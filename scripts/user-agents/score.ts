import type { UserAgent } from "@millrace/collector";

/** How one column of one tier was read. */
export interface Score {
  readonly tier: string;
  readonly column: Column;
  readonly right: number;
  readonly scored: number;
  /** What was said, what is right, and of which agent. */
  readonly mistakes: readonly string[];
}

type Column = "browser" | "version" | "os" | "device" | "bot";

interface Row {
  readonly tier: string;
  readonly header: string;
  /** Absent where the corpus does not say. */
  readonly labels: Readonly<Partial<Record<Column, string>>>;
}

/** Only the first number of a version is shown, and compared. */
const major = (version: string): string => version.split(".")[0] ?? "";

const READ: Readonly<Record<Column, (agent: UserAgent) => string>> = {
  browser: ({ browser }) => browser ?? "",
  version: ({ browserVersion }) => major(browserVersion ?? ""),
  os: ({ os }) => os ?? "",
  device: ({ device }) => device,
  bot: ({ isBot, isAutomated }) => (isBot || isAutomated ? "1" : "0"),
};

/**
 * Compares what is read with the labels, tier by tier. Of bots only that they are bots is scored: what browser one pretends to be is
 * nobody's question.
 * @param text tab-separated, with a header line: see the usage of `npm run user-agents`
 */
export function scoreOf(text: string, userAgents: (header: string) => UserAgent): Score[] {
  const rows = rowsOf(text);
  return [...new Set(rows.map(({ tier }) => tier))].flatMap((tier) =>
    (Object.keys(READ) as Column[]).map((column) => {
      const scored = rows.filter((row) => row.tier === tier && row.labels[column] !== undefined);
      const mistakes = scored.flatMap(({ header, labels }) => {
        const said = READ[column](userAgents(header));
        return said === labels[column] ? [] : [`${labels[column]}, not ${said || "nothing"}: ${header}`];
      });
      return { tier, column, scored: scored.length, right: scored.length - mistakes.length, mistakes };
    }),
  );
}

function rowsOf(text: string): Row[] {
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const names = head.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
    const bot = cell("bot");
    const person = bot === "0" && {
      browser: cell("browser"),
      version: major(cell("browser_version")),
      os: cell("os"),
      device: cell("device"),
    };
    const labels = Object.entries({ bot, ...person }).filter(([, value]) => value !== "");
    return { tier: cell("tier") || "core", header: cell("user_agent"), labels: Object.fromEntries(labels) };
  });
}
