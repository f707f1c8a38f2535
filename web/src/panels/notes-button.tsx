import { useQuery } from "@tanstack/react-query";
import { annotationsOf, within } from "../asking/annotations.ts";
import { definitionsOf, mayDefine } from "../asking/definitions.ts";
import { Dialog } from "../design/dialog.tsx";
import { DialogButton } from "../design/dialog-button.tsx";
import { wallText } from "../format/date.ts";
import { t } from "../language/words.ts";
import { Link } from "../shell/link.tsx";
import { usePage } from "../state/page.tsx";
import { keptBetweenPages } from "../state/search.ts";
import { dateOf } from "../state/wall.ts";
import { NoteForm } from "./note-form.tsx";
import "./notes.css";

/** The notes of the range, and a new one. Not there for who reads only, while there is nothing to read. */
export function NotesButton() {
  const { access, period, now, locale } = usePage();
  const { data } = useQuery(definitionsOf(access, "annotations"));
  const notes = within(annotationsOf(data ?? []), period.start, period.end);
  const may = mayDefine(access);
  if (!may && notes.length === 0) return null;
  // Today, or the last day of a range that is over.
  const date = period.end > now ? dateOf(now) : dateOf(period.start);
  return (
    <DialogButton label={t("Notes")} title={may ? t("Notes: read, add") : t("Notes")} icon="flag">
      {(close) => (
        <Dialog title={t("Notes")} onClose={close}>
          {may && <NoteForm date={date} />}
          {notes.length > 0 && (
            <ul className="notes" aria-label={t("Notes of this range")}>
              {notes.map(({ name, at, text }) => (
                <li key={name}>
                  <b>{text}</b> <span>{wallText(locale, at)}</span>
                </li>
              ))}
            </ul>
          )}
          {may && (
            <p className="notes-foot">
              {t("Everybody in the project sees them.")}{" "}
              <Link to="/setup" hash search={keptBetweenPages}>
                {t("All notes, to delete some")}
              </Link>
            </p>
          )}
        </Dialog>
      )}
    </DialogButton>
  );
}
