import type { OpsReports } from "@millrace/client";
import { mistake, readCommand } from "../command.ts";
import { askerOf } from "./ask.ts";

export const REPORTS_USAGE = `npm run ops -- reports            reports and watches of all projects, those in trouble first, and how the last of each went

  --json                    the answer as it came
  --url URL                 an installation elsewhere, with the token of somebody who operates all projects in MILLRACE_KEY`;

/** `npm run ops -- reports` */
export async function reports(): Promise<void> {
  const { url, json } = readCommand(
    REPORTS_USAGE,
    { options: { url: { type: "string" }, json: { type: "boolean" } }, allowPositionals: true },
    ({ values, positionals: [, tooMuch] }) => {
      if (tooMuch !== undefined) mistake(`"${tooMuch}" is one word too many.`);
      return values;
    },
  );
  const ask = await askerOf(url);
  const answer = await ask<OpsReports>("reports");
  console.log(json ? JSON.stringify(answer, null, 2) : textOf(answer.reports));
}

/** Every report and watch in a line; of one that is in trouble, why. */
function textOf(reports: OpsReports["reports"]): string {
  if (reports.length === 0) return "Nothing is sent on a schedule.";
  return reports
    .flatMap((each) => {
      const last = each.last_run === null ? "not yet" : `${each.last_run.ok ? "ok" : "failed"} ${each.last_run.at}`;
      const state = each.state === null ? "" : `  ${each.state}`;
      const line = `${each.in_trouble ? "!" : " "} ${each.kind.padEnd(12)}  ${each.project_name.slice(0, 24).padEnd(24)}  ${each.name.padEnd(24)}  last ${last}, ${each.next_at === null ? "paused" : `next ${each.next_at}`}${state}`;
      const why = [each.last_run?.ok === false ? each.last_run.message : "", ...each.waiting_for];
      return [line, ...why.filter((text) => text !== "").map((text) => `    ${text}`)];
    })
    .join("\n");
}
