import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Answer } from "@millrace/client";
import type { Json } from "@millrace/core";
import { askerOf } from "../api/client.ts";
import { FRESH_MS, type Ask } from "../questions/ask.ts";
import type { AskedQuestion } from "./question.ts";

/** An answer of whatever question, with what stands beside the result. */
export type AnyAnswer = Answer<Json> & { readonly [beside: string]: unknown };

/** The answer to one question of the page, with what it says of itself. */
export const answerOf = (ask: Ask, question: AskedQuestion | undefined) =>
  queryOptions({
    queryKey: ["question", ask.access.id, ask.period, question],
    queryFn: async ({ signal }): Promise<AnyAnswer> => {
      if (!question) throw new Error("Nothing is asked.");
      return (await askerOf(ask.access).ask(question, signal)) as unknown as AnyAnswer;
    },
    enabled: question !== undefined,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
