import { lazy, Suspense, useState, type ReactNode } from "react";
import { maySend } from "../api/session.ts";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { watchedQuestion } from "../pages/reports/watched.ts";
import { usePage } from "../state/page.tsx";
import { mayDefine } from "./definitions.ts";
import { PinDialog } from "./pin-dialog.tsx";
import { QuestionDialog } from "./question-dialog.tsx";
import type { AskedQuestion } from "./question.ts";
import { SaveDialog } from "./save-dialog.tsx";
import { SavedDialog } from "./saved-dialog.tsx";
import type { QuestionPage } from "./saved.ts";
import "./asking.css";

const WatchDialog = lazy(() => import("../pages/reports/watch-dialog.tsx"));

interface Props {
  readonly title: string;
  readonly page: QuestionPage;
  /** What the page asks now; absent while it lacks something. */
  readonly question: AskedQuestion | undefined;
  readonly children: ReactNode;
}

type Open = "question" | "watch" | "pin" | "save" | "saved" | undefined;

/** A page that asks a question of one's own: its name, what can be done with the question, builder and answer. */
export function Frame({ title, page, question, children }: Props) {
  const { access } = usePage();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const number = question && watchedQuestion(question);
  return (
    <>
      <header className="ask-title">
        <h2>{title}</h2>
        <div>
          <button
            type="button"
            className="button"
            disabled={!question}
            aria-haspopup="dialog"
            onClick={() => setOpen("question")}
          >
            <Icon name="code" /> {t("Question")}
          </button>
          {maySend(access) && number && (
            <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOpen("watch")}>
              {t("Watch")}
            </button>
          )}
          {mayDefine(access) && (
            <>
              <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOpen("saved")}>
                {t("Saved")}
              </button>
              <button
                type="button"
                className="button"
                disabled={!question}
                aria-haspopup="dialog"
                onClick={() => setOpen("pin")}
              >
                {t("Pin")}
              </button>
              <button
                type="button"
                className="button primary"
                disabled={!question}
                aria-haspopup="dialog"
                onClick={() => setOpen("save")}
              >
                {t("Save")}
              </button>
            </>
          )}
        </div>
      </header>
      {children}
      {open === "question" && question && <QuestionDialog question={question} onClose={close} />}
      {open === "watch" && number && (
        <Suspense>
          <WatchDialog number={number} onClose={close} />
        </Suspense>
      )}
      {open === "pin" && question && <PinDialog page={page} onClose={close} />}
      {open === "save" && question && <SaveDialog page={page} question={question} onClose={close} />}
      {open === "saved" && <SavedDialog onClose={close} />}
    </>
  );
}
