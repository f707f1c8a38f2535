import type { Part } from "./options.ts";

/**
 * What a rehearsal came to, in a line: which steps were played, and which were asked for and not reached.
 * @param played names of the steps that came to an end, by stage
 * @param denials of the zips' calls; undefined: they did not run
 */
export function lastLine(
  took: string,
  parts: readonly Part[],
  played: ReadonlyMap<string, readonly string[]>,
  denials: number | undefined,
): string {
  const stages = parts.map(({ stage, steps }) => {
    const done = played.get(stage) ?? [];
    const missed = steps.filter((step) => !done.includes(step));
    const words = [...done, ...(missed.length > 0 ? [`not played: ${missed.join(", ")}`] : [])];
    return `${stage} (${words.join(", ")})`;
  });
  const roles = denials === undefined ? "" : `; ${denials} denied calls`;
  return `Rehearsed in ${took}: ${stages.join("; ")}${roles}.`;
}
