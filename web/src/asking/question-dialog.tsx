import { useState } from "react";
import { CopyCode } from "../design/copy.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Tabs } from "../design/segmented.tsx";
import { t } from "../language/words.ts";
import { usePage } from "../state/page.tsx";
import { asCode, CODE_FORMS, type CodeForm } from "./as-code.ts";
import type { AskedQuestion } from "./question.ts";

const HINT: Readonly<Record<CodeForm, string>> = {
  json: t("The question as the API takes it."),
  curl: t("With your read key in READ_KEY."),
  sdk: t("With @millrace/client, in Node or a browser."),
  mcp: t("For an assistant that has Millrace's MCP server."),
};

interface Props {
  readonly question: AskedQuestion;
  readonly onClose: () => void;
}

/** The question behind what is shown, to be taken elsewhere. No key is in it. */
export function QuestionDialog({ question, onClose }: Props) {
  const { access } = usePage();
  const [form, setForm] = useState<CodeForm>("json");
  const code = asCode(form, question, { origin: location.origin, project: access.id });
  return (
    <Dialog title={t("The question")} onClose={onClose}>
      <div className="ask-code">
        <Tabs label={t("Form of the question")} options={CODE_FORMS} value={form} onChange={setForm} />
        <div role="tabpanel" aria-label={CODE_FORMS.find(({ value }) => value === form)?.label}>
          <p>{HINT[form]}</p>
          <CopyCode key={form} code={code} label={t("The question")} />
        </div>
      </div>
    </Dialog>
  );
}
