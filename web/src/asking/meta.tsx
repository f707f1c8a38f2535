import { t } from "../language/words.ts";
import { usePage } from "../state/page.tsx";
import type { AnyAnswer } from "./answer.ts";

/** What an answer says of itself: whether it is exact, what it cost, and how the question was understood. */
export function AnswerMeta({ answer }: { readonly answer: AnyAnswer }) {
  const { numbers } = usePage();
  const meta = answer.meta;
  if (!meta) return null;
  const said = [
    meta.exact ? t("Exact") : t("An estimate"),
    meta.events !== undefined && t("{count} events read", { count: numbers.count(meta.events) }),
    meta.engine_ms !== undefined &&
      meta.engine_ms > 0 &&
      t("{time} ms of the engine", { time: numbers.count(Math.ceil(meta.engine_ms)) }),
    meta.age !== undefined && meta.age > 0 && t("{age} s old", { age: numbers.count(meta.age) }),
    t("times of {timezone}", { timezone: meta.timezone.replaceAll("_", " ") }),
  ].filter(Boolean);
  return (
    <div className="ask-meta">
      <p>{said.join(" · ")}</p>
      {meta.notes.map((note) => (
        <p key={note} className="ask-note">
          {note}
        </p>
      ))}
      {meta.query && (
        <details>
          <summary>{t("As it was understood")}</summary>
          <pre tabIndex={0} aria-label={t("The question as it was understood")}>
            {JSON.stringify(meta.query, null, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}
