import {
  all,
  isBins,
  valueKey,
  type MetricPlan,
  type MetricResult,
  type RunOptions,
  type Value,
  type Within,
} from "@millrace/core";
import type { Read } from "../driver.ts";
import type { Statement } from "../statement.ts";
import { collect, type Collecting, type Series } from "./collect.ts";
import type { Look } from "./commits.ts";
import { compileParts } from "./compile-parts.ts";
import type { Kept } from "./kept.ts";
import { merge, type Shape } from "./merge.ts";
import { createMoment } from "./moment.ts";
import { keyOfGroup, questionOf, type Question } from "./question.ts";
import { spansOf, type Span } from "./spans.ts";

/** One snapshot: what is read in it, and what is answered from parts as if all of it had been read in it. */
export interface Reader {
  readonly read: Read;
  /**
   * The answer that the store would give, made of what is kept and what has to be read. Undefined where the question has to be asked as
   * it is.
   * @param within the groups that the plan is about, where it names them
   */
  answer(plan: MetricPlan, options: Options, within?: Within): Promise<MetricResult | undefined>;
}

type Options = RunOptions & { readonly project: string };

/** So often is collected again what a commit has touched meanwhile. */
const ATTEMPTS = 3;
/** Groups and spans that are looked for one by one; of more the question is asked as it is. */
const MOST_PARTS = 5_000;
/** DuckDB begins to see a moment with the first statement that reads a table. */
const PIN: Statement = { sql: "SELECT 1 FROM exceptions LIMIT 1", values: [], types: [] };

/** @param look begun before the snapshot was */
export function createReader(read: Read, look: Look, kept: Kept): Reader {
  const moment = createMoment(read, look, kept);
  /** Equal questions about different times, one after the other: the second finds what the first has read. */
  const turns = new Map<string, Promise<unknown>>();

  const answerNow = async (question: Question, asked: Asked): Promise<MetricResult | undefined> => {
    const { plan, spans, options, within } = asked;
    const { project, time } = plan;
    const isEverybodys = (span: Span): boolean => moment.isEverybodys({ project, time, span });
    const series = within ? within.groups.map((group) => seriesOf(question, group)) : [{ key: question.key }];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = moment.restarts();
      // What may come from elsewhere, as long as nothing has touched it.
      const borrowed = spans.filter(isEverybodys);
      let hasRead = false;
      const fetch: Collecting["fetch"] = async (of, run) => {
        hasRead = true;
        const { statement, decode } = compileParts(within ? restricted(within, of) : plan, run);
        return decode(await moment.read(statement, options));
      };
      const hasRoom = (bytes: number) => kept.hasRoom(bytes);
      const parts = await collect(moment, { project, time, series, spans, fetch, hasRoom });
      if (!parts) return refused(question);
      if (!hasRead) await moment.read(PIN, options);
      if (moment.restarts() !== before || !borrowed.every(isEverybodys)) continue;
      return (await merge(parts, shapeOf(question, plan))) ?? refused(question);
    }
    return undefined;
  };
  const refused = ({ key }: Question): undefined => {
    kept.refuse(key);
  };

  return {
    read: moment.read,
    answer: async (plan, options, within) => {
      const question = questionOf(within?.plan ?? plan);
      const spans = question && spansOf(plan);
      if (!question || !spans || kept.isRefused(question.key)) return undefined;
      // A panel's days cost twice what its whole time does. Those of the cards are the chart's as well.
      if (plan.groupBy.length > 0 && !kept.isAskedAgain(question.key)) return undefined;
      if (within && within.groups.length * spans.length > MOST_PARTS) return undefined;
      const before = turns.get(question.key) ?? Promise.resolve();
      const answer = before.then(() => answerNow(question, { plan, spans, options, within }));
      turns.set(
        question.key,
        answer.catch(() => undefined),
      );
      return answer;
    },
  };
}

interface Asked {
  readonly plan: MetricPlan;
  readonly spans: readonly Span[];
  readonly options: Options;
  readonly within: Within | undefined;
}

function shapeOf({ measures }: Question, { groupBy, edges }: MetricPlan): Shape {
  return { measures, hasGroups: groupBy.length > 0, hasBuckets: edges !== undefined };
}

function seriesOf(question: Question, group: Value): Series {
  return { key: keyOfGroup(question, group), group: valueKey(group) };
}

/** The plan for some of its groups. */
function restricted({ plan, groups }: Within, series: readonly Series[]): MetricPlan {
  const [field] = plan.groupBy;
  if (field === undefined || isBins(field)) return plan;
  const names = new Set(series.map(({ group }) => group));
  const values = groups.filter((group) => names.has(valueKey(group)));
  return { ...plan, filter: all(plan.filter, { kind: "same", field, values }) };
}
