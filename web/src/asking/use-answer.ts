import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFailure } from "../panels/use-failure.ts";
import { usePage } from "../state/page.tsx";
import { answerOf, type AnyAnswer } from "./answer.ts";
import type { AskedQuestion } from "./question.ts";

/** How a question stands: its answer, why there is none, or that it is on its way. */
export interface Asking<Spec> {
  readonly shown: Shown<Spec> | undefined;
  readonly failure: Error | undefined;
  /** What is shown answers the question before this one. */
  readonly isStale: boolean;
  readonly retry: () => void;
}

/** An answer, and what was asked: the shape of an answer follows from its question, which may have changed since. */
export interface Shown<Spec> {
  readonly answer: AnyAnswer;
  readonly spec: Spec;
  /** When it came, milliseconds UTC. */
  readonly at: number;
}

/** @param question undefined: nothing is asked yet. @param spec what the question was made of */
export function useAnswer<Spec>(question: AskedQuestion | undefined, spec: Spec): Asking<Spec> {
  const { ask } = usePage();
  const query = useQuery(answerOf(ask, question));
  const failure = useFailure(query);
  const [last, setLast] = useState<Shown<Spec>>();
  const answer = query.isPlaceholderData ? undefined : query.data;
  const isNew = answer !== undefined && (last?.answer !== answer || last.spec !== spec);
  const shown = isNew ? { answer, spec, at: query.dataUpdatedAt } : last;
  if (shown !== last) setLast(shown);
  return {
    shown: failure ? undefined : shown,
    failure,
    isStale: answer === undefined,
    retry: () => void query.refetch(),
  };
}
