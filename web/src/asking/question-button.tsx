import { lazy, Suspense, useState } from "react";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import type { AskedQuestion } from "./question.ts";

const QuestionDialog = lazy(async () => ({ default: (await import("./question-dialog.tsx")).QuestionDialog }));

/** Leads from a number up to the question that made it. */
export function QuestionButton({ question }: { readonly question: AskedQuestion }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button small icon"
        aria-haspopup="dialog"
        aria-label={t("Question")}
        title={t("The question behind these numbers")}
        onClick={() => setOpen(true)}
      >
        <Icon name="code" />
      </button>
      {open && (
        <Suspense>
          <QuestionDialog question={question} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
