import { usePage } from "../state/page.tsx";
import type { AnyAnswer } from "./answer.ts";

/** What an answer says of itself: whether it is exact, what it cost, and how the question was understood. */
export function AnswerMeta({ answer }: { readonly answer: AnyAnswer }) {
  const { numbers } = usePage();
  const meta = answer.meta;
  if (!meta) return null;
  const said = [
    meta.exact ? "Exact" : "An estimate",
    meta.events !== undefined && `${numbers.count(meta.events)} events read`,
    meta.engine_ms !== undefined &&
      meta.engine_ms > 0 &&
      `${numbers.count(Math.ceil(meta.engine_ms))} ms of the engine`,
    meta.age !== undefined && meta.age > 0 && `${numbers.count(meta.age)} s old`,
    `times of ${meta.timezone.replaceAll("_", " ")}`,
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
          <summary>As it was understood</summary>
          <pre tabIndex={0} aria-label="The question as it was understood">
            {JSON.stringify(meta.query, null, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}
