import { monthlyBill, type Bill, type MonthlyLoad } from "./cost.ts";
import { keenListPrice } from "./hosted.ts";
import { loadOf, type StageLoad } from "./stage-load.ts";

/** What went through an installation in a part of a month. */
export interface MeasuredTraffic {
  /** Milliseconds UTC: from when to when it was counted, within one month. */
  readonly from: number;
  readonly to: number;
  /** Requests that record, and that ask. */
  readonly requests: number;
  readonly queries: number;
  readonly projects: readonly ProjectTraffic[];
}

export interface ProjectTraffic {
  readonly id: string;
  readonly name: string;
  /** Accepted. */
  readonly events: number;
}

/** What of a stage is no matter of traffic. */
export type StageShape = Omit<StageLoad, "events" | "eventsPerRequest" | "openPages">;

/** US dollars at list price. */
export interface CostReport {
  /** By part: what the month has cost until now, and what it will have cost if it goes on like that. */
  readonly lines: readonly { readonly what: string; readonly soFar: number; readonly month: number }[];
  readonly soFar: number;
  readonly month: number;
  /** Each project's part of it, by its events: the most first. */
  readonly projects: readonly (ProjectTraffic & { readonly soFar: number; readonly month: number })[];
  /** Events of the whole month, and what Keen asked for so many. */
  readonly events: number;
  readonly keen: number;
  /** What would change it, and by how much a month; less than 0 saves. The most saving first. */
  readonly levers: readonly { readonly what: string; readonly change: number }[];
}

/**
 * The bill of a month of which a part was measured. Traffic is believed to go on as it was; all else costs what it costs by the hour, so
 * what was spent until now is the part of the month that is over. A request is never of no event: what was refused is paid, too.
 */
export function costReport(traffic: MeasuredTraffic, shape: StageShape): CostReport {
  const { from, to, projects } = traffic;
  const month = monthOf(from);
  const share = Math.min(1, Math.max(0, to - from) / (month.end - month.start));
  const whole = (count: number) => (share === 0 ? 0 : count / share);
  const counted = projects.reduce((sum, each) => sum + each.events, 0);
  const events = whole(counted);
  const requests = Math.max(whole(traffic.requests), events > 0 ? 1 : 0);
  const queries = whole(traffic.queries);
  const load = (change: Partial<StageLoad> = {}, more: Partial<MonthlyLoad> = {}): MonthlyLoad => {
    const eventsPerRequest = requests === 0 ? 1 : Math.max(events / requests, Number.EPSILON);
    const stage = { ...shape, events, eventsPerRequest, openPages: 0, ...change };
    return { ...loadOf(stage), queries, ...more };
  };
  const bill = monthlyBill(load());
  const lever = (what: string, changed: MonthlyLoad) => ({ what, change: monthlyBill(changed).total - bill.total });
  const twice = requests === 0 ? 1 : (2 * events) / requests;
  const levers = [
    lever("a batch is gathered for 5 s: events are seen 4 s later", load({ windowSeconds: 5 })),
    lever("twice as many events a request", load({ eventsPerRequest: twice })),
    lever("half as many questions", load({}, { queries: queries / 2 })),
    ...(shape.archive ? [lever("no archive: a lost domain is lost", load({ archive: false }))] : []),
    ...(shape.firewall ? [lever("no firewall", load({ firewall: false }))] : []),
    ...(shape.keptAnswers > 0 ? [lever("no kept answers", load({ keptAnswers: 0 }))] : []),
    ...(shape.nodes.count > 1
      ? [lever("a node less", load({ nodes: { ...shape.nodes, count: shape.nodes.count - 1 } }))]
      : []),
  ];
  return {
    lines: bill.lines.map(({ what, usd }) => ({ what, soFar: usd * share, month: usd })),
    soFar: bill.total * share,
    month: bill.total,
    projects: sharesOf(projects, counted, bill, share),
    events,
    keen: keenListPrice(events),
    levers: levers.toSorted((a, b) => a.change - b.change),
  };
}

function sharesOf(
  projects: readonly ProjectTraffic[],
  counted: number,
  { total }: Bill,
  share: number,
): CostReport["projects"] {
  return projects
    .map((project) => {
      // Where nobody records anything, all have an equal part of what stands there for them.
      const part = counted === 0 ? 1 / projects.length : project.events / counted;
      return { ...project, soFar: total * share * part, month: total * part };
    })
    .sort((a, b) => b.month - a.month);
}

/** The UTC month of an instant. */
export function monthOf(ms: number): { readonly start: number; readonly end: number } {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) };
}
