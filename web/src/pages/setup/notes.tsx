import { useQuery } from "@tanstack/react-query";
import { annotationsOf, type Annotation } from "../../asking/annotations.ts";
import { definitionsOf, mayDefine, useDefine } from "../../asking/definitions.ts";
import { ConfirmButton } from "../../design/confirm.tsx";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { wallText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { NoteForm } from "../../panels/note-form.tsx";
import { Nothing } from "../../panels/states.tsx";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { dateOf } from "../../state/wall.ts";
import { Problem } from "../settings/form.tsx";
import "../../panels/notes.css";

/** What happened when, as the chart shows it. */
export function Notes() {
  const { access, locale, now } = usePage();
  const query = useQuery(definitionsOf(access, "annotations"));
  const define = useDefine("annotations");
  const may = mayDefine(access);
  const columns: Column<Annotation>[] = [
    { label: t("When"), cell: ({ at }) => wallText(locale, at) },
    { label: t("Note"), cell: ({ text }) => text },
  ];
  const actions: Column<Annotation> = {
    label: t("Actions"),
    acts: true,
    cell: ({ name, text }) => (
      <span className="setup-actions">
        <ConfirmButton
          className="button small"
          action={t("Delete")}
          label={t("Delete {text}", { text })}
          title={t("Delete this note?")}
          onConfirm={() => define.mutate({ name, definition: undefined })}
        >
          {t("“{text}” goes away from everybody's chart.", { text })}
        </ConfirmButton>
      </span>
    ),
  };
  return (
    <Section
      title={t("Notes")}
      about={t(
        "What happened on a day or an hour: marks on the chart for everybody in the project. Embeds show them where their settings say so.",
      )}
    >
      {may && <NoteForm date={dateOf(now)} />}
      <Problem message={define.error?.message} />
      <Asked query={query} rows={2}>
        {(found) => {
          const notes = annotationsOf(found).toReversed();
          return notes.length === 0 ? (
            <Nothing>{t("No note yet.")}</Nothing>
          ) : (
            <DataTable
              label={t("Notes")}
              columns={may ? [...columns, actions] : columns}
              rows={notes}
              keyOf={({ name }) => name}
            />
          );
        }}
      </Asked>
    </Section>
  );
}
