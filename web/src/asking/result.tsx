import type { ReactNode } from "react";
import { t } from "../language/words.ts";
import { Nothing, PanelFailure } from "../panels/states.tsx";
import { AnswerMeta } from "./meta.tsx";
import type { Asking, Shown } from "./use-answer.ts";

interface Props<Spec> {
  readonly asking: Asking<Spec>;
  /** What is missing of the question; it is said instead of an answer. */
  readonly missing?: string | undefined;
  /** True where the answer holds nothing to show. */
  readonly isEmpty: (shown: Shown<Spec>) => boolean;
  /** What is said then. Default: that nothing matches. */
  readonly empty?: string;
  /** What the answer says of itself is left out on a board. */
  readonly meta?: boolean;
  readonly children: (shown: Shown<Spec>) => ReactNode;
}

/** An answer with its states: on its way, failed, empty, there. */
export function Result<Spec>({ asking, missing, isEmpty, empty, meta = true, children }: Props<Spec>) {
  const { shown, failure, isStale, retry } = asking;
  if (missing !== undefined) return <Nothing>{missing}</Nothing>;
  if (failure) return <PanelFailure error={failure} onRetry={retry} />;
  if (!shown) return <div className="ask-wait" role="status" aria-label={t("Loading")} />;
  return (
    <div className={isStale ? "stale" : ""} aria-busy={isStale}>
      {isEmpty(shown) ? <Nothing>{empty ?? t("Nothing in this range matches.")}</Nothing> : children(shown)}
      {meta && <AnswerMeta answer={shown.answer} />}
    </div>
  );
}
