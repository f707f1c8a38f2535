import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HealthCheck } from "../src/health/check.ts";
import { CHECKS } from "../src/health/checks.ts";

const FILE = join(import.meta.dirname, "../../../docs/running.md");
const BEGIN = "<!-- checks: from packages/ops/src/health/checks.ts, written with MILLRACE_WRITE=1 -->";
const END = "<!-- end of checks -->";

function section({
  title,
  measures,
  warn,
  critical,
  runsOut,
  minutes,
  everyMinutes,
  why,
  todo,
  command,
  metric,
}: HealthCheck): string {
  const beyond = runsOut ? "below" : "above";
  const limits = [
    ...(warn === undefined ? [] : [`a warning ${beyond} ${warn}`]),
    `critical ${beyond} ${critical}`,
  ].join(", ");
  const looks = minutes ? `, in ${minutes[0]} of ${minutes[1]} minutes` : "";
  const rarely = everyMinutes === undefined ? "" : `, looked at every ${everyMinutes} minutes`;
  const where = metric ? `\`${metric.namespace}\` \`${metric.metric}\`` : "measured by our own evaluator";
  return [
    `### ${title}`,
    `${measures[0]?.toUpperCase()}${measures.slice(1)}: ${limits}${looks}${rarely} (${where}).`,
    `${why} **Next:** ${todo}`,
    `\`\`\`\n${command}\n\`\`\``,
  ].join("\n\n");
}

test("docs/running.md says of each check what the table says, and of no other", () => {
  const sections = Object.values(CHECKS).map(section).join("\n\n");
  const text = readFileSync(FILE, "utf8");
  const [before, rest = ""] = text.split(BEGIN);
  const [, after] = rest.split(END);
  const written = `${before}${BEGIN}\n\n${sections}\n\n${END}${after}`;
  if (process.env["MILLRACE_WRITE"]) writeFileSync(FILE, written);
  expect(readFileSync(FILE, "utf8")).toBe(written);
});
