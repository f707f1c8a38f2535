import { t } from "../../language/words.ts";
import { Nothing } from "../../panels/states.tsx";
import type { Call } from "../../questions/operations.ts";
import { durationText, useOperator } from "./use-operator.ts";

/** The calls of a logged execution, in the order they began. */
export function callsOf(record: { readonly [name: string]: unknown }): Call[] {
  const spans = record["millrace.spans"];
  return Array.isArray(spans) ? (spans as Call[]).toSorted((a, b) => a.startMs - b.startMs) : [];
}

/** Calls as bars over the time of the execution: a gap is our own work, bars under each other ran at once. */
export function Waterfall({ calls, totalMs }: { readonly calls: readonly Call[]; readonly totalMs: number }) {
  const { locale } = useOperator();
  if (calls.length === 0) return <Nothing>{t("It called nobody.")}</Nothing>;
  const share = (ms: number) => `${Math.min(100, (ms / Math.max(totalMs, 0.001)) * 100)}%`;
  return (
    <ol className="waterfall">
      {calls.map(({ name, startMs, durationMs, error }, at) => (
        <li key={`${at} ${name}`} className={error === undefined ? "" : "bad"}>
          <span className="waterfall-name">
            {name}
            {typeof error === "string" && ` (${error})`}
          </span>
          <span className="waterfall-track" aria-hidden="true">
            <span style={{ insetInlineStart: share(startMs), inlineSize: share(durationMs) }} />
          </span>
          <span className="waterfall-time">
            {durationText(locale, durationMs)}
            <span className="visually-hidden">
              , {t("begun after {time}", { time: durationText(locale, startMs) })}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}
