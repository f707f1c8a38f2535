import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { t } from "../language/words.ts";
import { Problem } from "../pages/settings/form.tsx";
import { usePage } from "../state/page.tsx";
import { addressOf } from "./address.ts";
import type { AskedQuestion } from "./question.ts";
import { nameOf, savedOf, saveQuestion, type QuestionPage } from "./saved.ts";

interface Props {
  readonly page: QuestionPage;
  readonly question: AskedQuestion;
  readonly onClose: () => void;
}

/** Saves the question under a name, as a saved query of the project. */
export function SaveDialog({ page, question, onClose }: Props) {
  const { access, search } = usePage();
  const queries = useQueryClient();
  const saved = useQuery(savedOf(access));
  const [title, setTitle] = useState("");
  const name = nameOf(title);
  const isThere = saved.data?.some((each) => each.name === name) ?? false;
  const save = useMutation({
    mutationFn: () => saveQuestion(access, question, { title: title.trim(), page, address: addressOf(search) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: savedOf(access).queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t("Save the question")} onClose={onClose}>
      <form
        className="ask-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "") save.mutate();
        }}
      >
        <label className="field">
          {t("Name")}
          <input value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
        </label>
        <p className="ask-note">
          {isThere && `${t("A question of this name is there; saving replaces it.")} `}
          {t("The API knows it as a saved query, and everybody in the project can open it.")}
        </p>
        <Problem message={save.error?.message} />
        <div className="filter-foot">
          <button type="button" className="button" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button type="submit" className="button primary" disabled={name === "" || save.isPending}>
            {isThere ? t("Replace") : t("Save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
