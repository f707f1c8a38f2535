import type { OpsCost } from "@millrace/client";
import { askerOf } from "../ops/ask.ts";
import { askerOfStage } from "../ops/stage.ts";
import { usd } from "./table.ts";

interface AskedMeasured {
  /** Of the installation. Default: this machine's server. */
  readonly url: string | undefined;
  /** A stage on AWS, instead. */
  readonly stage: string | undefined;
  /** What it would be on AWS; undefined: what it is. */
  readonly shape: URLSearchParams | undefined;
}

/** Prints what the measured traffic of this month costs. @throws Error for people */
export async function showMeasured({ url, stage, shape }: AskedMeasured): Promise<void> {
  const ask = stage === undefined ? await askerOf(url) : askerOfStage(stage);
  const report = await ask<OpsCost>(shape ? `cost?${shape.toString()}` : "cost");
  const { requests, queries } = report.measured;
  console.log(
    `Measured from ${report.from} to ${report.to}: ${requests} requests, ${queries} questions. US dollars, list prices of ${report.prices_as_of}.\n`,
  );
  const line = (soFar: number, month: number) => ({ "so far": usd(soFar), "this month": usd(month) });
  console.table(
    Object.fromEntries([
      ...report.parts.map((part) => [part.what, line(part.so_far, part.month)]),
      ["together", line(report.so_far, report.month)],
    ]),
  );
  console.table(
    Object.fromEntries(
      report.projects.map((each) => [
        `${each.name} (${each.id})`,
        { events: each.events, ...line(each.so_far, each.month) },
      ]),
    ),
  );
  if (report.plan !== null)
    console.log(
      `The plan is ${usd(report.plan)} a month: the forecast is ${percent(report.month / report.plan)} of it.`,
    );
  console.log(
    `Keen asked ${usd(report.keen)} for the ${Math.round(report.events)} events that this month will have, questions on top.\n`,
  );
  console.table(Object.fromEntries(report.levers.map(({ what, change }) => [what, { "a month": signed(change) }])));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function signed(change: number): string {
  return change > 0 ? `+${usd(change)}` : change < 0 ? `-${usd(-change)}` : "0";
}
