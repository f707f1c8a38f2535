import { lazy } from "react";
import { DialogButton } from "../design/dialog-button.tsx";
import { t } from "../language/words.ts";
import type { AskedQuestion } from "./question.ts";

const QuestionDialog = lazy(async () => ({ default: (await import("./question-dialog.tsx")).QuestionDialog }));

/** Leads from a number up to the question that made it. */
export function QuestionButton({ question }: { readonly question: AskedQuestion }) {
  return (
    <DialogButton label={t("Question")} title={t("The question behind these numbers")} icon="code">
      {(close) => <QuestionDialog question={question} onClose={close} />}
    </DialogButton>
  );
}
