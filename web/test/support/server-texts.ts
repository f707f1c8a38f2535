import { costReport } from "../../../packages/ops/src/cost/measured.ts";
import { readShape } from "../../../packages/ops/src/cost/shape.ts";
import { CHECKS } from "../../../packages/ops/src/health/checks.ts";
import { MEND_COMMANDS, type MendCommand } from "../../../packages/ops/src/mend/commands.ts";
import { NUMBERS, SAYS } from "../../../packages/ops/src/mend/says.ts";

/** Every sentence that the server has in a table and a page shows: what `told` is asked for. */
export function textsOfTheServer(): string[] {
  const checks = Object.values(CHECKS).flatMap(({ title, measures, why, todo }) => [title, measures, why, todo]);
  const commands = Object.values<MendCommand>(MEND_COMMANDS).flatMap(({ title, does, takes }) => [
    title,
    does,
    ...Object.values(takes).map(({ label }) => label),
  ]);
  // With everything that a stage can have: each part and each lever.
  const all = readShape({ nodes: "2", firewall: "true", archive: "true" });
  const { lines, levers } = costReport({ from: 0, to: 1, requests: 1, queries: 1, projects: [] }, all);
  const bill = [...lines, ...levers].map(({ what }) => what);
  return [...new Set([...checks, ...commands, ...bill, ...Object.values(SAYS), ...Object.values(NUMBERS)])];
}
