import { installation, send } from "../ops/ask.ts";
import { stageOf, usd, type Size } from "./table.ts";

/** As `GET /ops/cost` answers. */
interface Measured {
  readonly from: string;
  readonly to: string;
  readonly prices_as_of: string;
  readonly measured: { readonly requests: number; readonly queries: number };
  readonly so_far: number;
  readonly month: number;
  readonly events: number;
  readonly keen: number;
  readonly parts: readonly { readonly what: string; readonly so_far: number; readonly month: number }[];
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly events: number;
    readonly so_far: number;
    readonly month: number;
  }[];
  readonly levers: readonly { readonly what: string; readonly change: number }[];
}

interface AskedMeasured {
  /** Of the installation. Default: this machine's server. */
  readonly url: string | undefined;
  readonly domain: Size;
  readonly change: { readonly windowSeconds: number; readonly keptAnswers: number };
}

/** Prints what the measured traffic of this month costs on a stage of that size. @throws Error for people */
export async function showMeasured({ url, domain, change }: AskedMeasured): Promise<void> {
  const { nodes, diskGb, alarms, firewall, archive } = stageOf(domain, 0);
  const shape = new URLSearchParams({
    instance: nodes.type,
    nodes: String(nodes.count),
    disk_gb: String(diskGb),
    alarms: String(alarms),
    window: String(change.windowSeconds),
    kept: String(change.keptAnswers),
    firewall: String(firewall),
    archive: String(archive),
  });
  const report = await send<Measured>(await installation(url), "GET", `/ops/cost?${shape.toString()}`);
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
  console.log(
    `Keen asked ${usd(report.keen)} for the ${Math.round(report.events)} events that this month will have, questions on top.\n`,
  );
  console.table(Object.fromEntries(report.levers.map(({ what, change }) => [what, { "a month": signed(change) }])));
}

function signed(change: number): string {
  return change > 0 ? `+${usd(change)}` : change < 0 ? `-${usd(-change)}` : "0";
}
