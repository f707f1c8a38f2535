import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { cannotBeWeb, subjectOf, type Ask } from "../questions/ask.ts";
import { schemaOf } from "../questions/project.ts";
import { totalsOf } from "../questions/totals.ts";

/**
 * Decides by what the range holds whether the page is about a web site or about events, and of which number of theirs: a project of
 * product events must not open on cards of page views that are all zero.
 * @param known false while the range is not: nothing is asked yet
 */
export function useSubject(asked: Omit<Ask, "about" | "number">, known: boolean, wanted: string | undefined): Ask {
  const web = useMemo(() => ({ ...asked, about: "web" as const }), [asked]);
  const surely = cannotBeWeb(asked);
  const totals = useQuery({ ...totalsOf(web), enabled: known && !surely });
  const sums = totals.isPlaceholderData ? undefined : totals.data;
  const aboutEvents = surely || (sums?.views === 0 && sums.events > 0);
  const schema = useQuery({ ...schemaOf(asked.access), enabled: aboutEvents });
  const subject = subjectOf(asked);
  const numbers = subject === undefined ? [] : (schema.data?.get(subject) ?? []).filter(({ type }) => type === "num");
  const number = (numbers.find(({ name }) => name === wanted) ?? numbers[0])?.name;
  return useMemo(
    () => (aboutEvents ? { ...asked, about: "events" as const, number } : web),
    [aboutEvents, asked, number, web],
  );
}
