import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Dialog } from "../design/dialog.tsx";
import { t } from "../language/words.ts";
import { Nothing, PanelFailure, SkeletonRows } from "../panels/states.tsx";
import { Problem } from "../pages/settings/form.tsx";
import { usePage } from "../state/page.tsx";
import { RemoveButton } from "./fields.tsx";
import { QuestionLink } from "./question-link.tsx";
import { managerOf, savedOf } from "./saved.ts";

/** The saved questions of all pages, to be opened and forgotten. */
export function SavedDialog({ onClose }: { readonly onClose: () => void }) {
  const { access } = usePage();
  const queries = useQueryClient();
  const saved = useQuery(savedOf(access));
  const forget = useMutation({
    mutationFn: (name: string) => managerOf(access).savedQueries.delete(name),
    onSuccess: () => queries.invalidateQueries({ queryKey: savedOf(access).queryKey }),
  });
  return (
    <Dialog title={t("Saved questions")} onClose={onClose}>
      <Problem message={forget.error?.message} />
      {saved.isError ? (
        <PanelFailure error={saved.error} onRetry={() => void saved.refetch()} />
      ) : !saved.data ? (
        <SkeletonRows rows={4} />
      ) : saved.data.length === 0 ? (
        <Nothing>{t("Nothing is saved yet.")}</Nothing>
      ) : (
        <ul className="ask-saved">
          {saved.data.map((question) => (
            <li key={question.name}>
              <QuestionLink question={question} onClick={onClose} />
              <small>{question.page}</small>
              <RemoveButton
                label={t("Forget {title}", { title: question.title })}
                onClick={() => forget.mutate(question.name)}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
