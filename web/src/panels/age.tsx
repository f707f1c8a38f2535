import { ageText } from "../format/date.ts";
import { t } from "../language/words.ts";
import { usePage } from "../state/page.tsx";
import { useNow } from "../state/use-now.ts";

/** How old an answer is that could not be renewed. Of those that could, the page says it once (see state-chip.tsx). */
export function Age({ at }: { readonly at: number }) {
  const { locale } = usePage();
  const now = useNow(10_000);
  if (at === 0) return <span className="age" />;
  return <span className="age">{t("Could not be renewed; from {age}", { age: ageText(locale, now - at) })}</span>;
}
