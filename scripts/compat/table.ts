import { format } from "prettier";
import type { Client, Outcome } from "./case.ts";

/** What came of every case of one client. */
export interface Tried {
  readonly client: Client;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

const BEGIN = "<!-- written by npm run compat: begin -->";
const END = "<!-- written by npm run compat: end -->";

/** The document with the tables of these results in the place that is marked for them. */
export async function withTables(document: string, tried: readonly Tried[]): Promise<string> {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The document has no "${BEGIN}" … "${END}".`);
  return format(`${before}${BEGIN}\n\n${hosts(tried)}\n\n${methods(tried)}\n\n${END}${after}`, {
    parser: "markdown",
    printWidth: 120,
  });
}

function hosts(tried: readonly Tried[]): string {
  const rows = tried.map(({ client: { name, version, host }, outcomes }) => {
    const works = [...outcomes.values()].filter(({ kind }) => kind === "works").length;
    return [name, version, host, `${works} of ${outcomes.size}`];
  });
  return table(["client", "version", "options that point it here", "works"], rows);
}

function methods(tried: readonly Tried[]): string {
  const all = [...new Set(tried.flatMap(({ outcomes }) => [...outcomes.keys()]))];
  const rows = all.map((method) => [
    method,
    ...tried.map(({ outcomes }) => {
      const outcome = outcomes.get(method);
      return outcome === undefined ? "" : cell(outcome);
    }),
  ]);
  return table(["", ...tried.map(({ client }) => client.name)], rows);
}

function cell(outcome: Outcome): string {
  switch (outcome.kind) {
    case "works":
      return "works";
    case "refused":
      return `\`${outcome.code}\``;
    case "client":
      return outcome.limit;
    case "wrong":
      return "**differs**";
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
