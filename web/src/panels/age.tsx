import { ageText } from "../format/date.ts";
import { usePage } from "../state/page.tsx";
import { useNow } from "../state/use-now.ts";

/** How old an answer is; after a failed renewal also that it could not be renewed. */
export function Age({ at, failed = false }: { readonly at: number; readonly failed?: boolean }) {
  const { locale } = usePage();
  const now = useNow(10_000);
  if (at === 0) return <span className="age" />;
  const age = now - at < 10_000 ? "just now" : ageText(locale, now - at);
  return <span className="age">{failed ? `Could not be renewed; from ${age}` : `Updated ${age}`}</span>;
}
