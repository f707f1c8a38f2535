import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { definitionsOf, mayDefine, useDefine } from "../../asking/definitions.ts";
import { asDefinition, segmentOf, type Segment } from "../../asking/segments.ts";
import { ConfirmButton } from "../../design/confirm.tsx";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { filterWords } from "../../panels/filter-words.ts";
import { Nothing } from "../../panels/states.tsx";
import { Link } from "../../shell/link.tsx";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import { Problem } from "../settings/form.tsx";

/** The project's segments: what each keeps, and what it is called and for. */
export function Segments() {
  const { access, names } = usePage();
  const query = useQuery(definitionsOf(access, "segments"));
  const define = useDefine("segments");
  const [edited, setEdited] = useState<Segment>();
  const columns: Column<Segment>[] = [
    {
      label: t("Name"),
      cell: ({ title, filters }) => (
        <Link to="/" hash search={(search) => ({ ...keptBetweenPages(search), filters })}>
          {title}
        </Link>
      ),
    },
    { label: t("For"), cell: ({ about }) => about },
    { label: t("Keeps"), cell: ({ filters }) => filters.map((filter) => filterWords(filter, names)).join(", ") },
  ];
  const actions: Column<Segment> = {
    label: t("Actions"),
    acts: true,
    cell: (segment) => (
      <span className="setup-actions">
        <button
          type="button"
          className="button small"
          aria-label={t("Change {title}", { title: segment.title })}
          onClick={() => setEdited(segment)}
        >
          {t("Change")}
        </button>
        <ConfirmButton
          className="button small"
          action={t("Delete")}
          label={t("Delete {title}", { title: segment.title })}
          title={t("Delete this segment?")}
          onConfirm={() => define.mutate({ name: segment.name, definition: undefined })}
        >
          {t(
            "“{title}” is offered to nobody any more. Links that were made with it go on to work: they hold its filters.",
            { title: segment.title },
          )}
        </ConfirmButton>
      </span>
    ),
  };
  return (
    <Section
      title={t("Segments")}
      about={t("Filters under a name. They are saved from the filters of a page, and put on there.")}
    >
      <Problem message={define.error?.message} />
      <Asked query={query} rows={2}>
        {(found) =>
          found.length === 0 ? (
            <Nothing>{t("No segment yet. Put filters on, then save them under “Segments” beside them.")}</Nothing>
          ) : (
            <DataTable
              label={t("Segments")}
              columns={mayDefine(access) ? [...columns, actions] : columns}
              rows={found.map(segmentOf)}
              keyOf={({ name }) => name}
            />
          )
        }
      </Asked>
      {edited && <SegmentDialog segment={edited} onClose={() => setEdited(undefined)} />}
    </Section>
  );
}

function SegmentDialog({ segment, onClose }: { readonly segment: Segment; readonly onClose: () => void }) {
  const [title, setTitle] = useState(segment.title);
  const [about, setAbout] = useState(segment.about);
  const define = useDefine("segments");
  const save = (event: React.SyntheticEvent) => {
    event.preventDefault();
    const definition = asDefinition({ ...segment, title: title.trim(), about: about.trim() });
    define.mutate({ name: segment.name, definition }, { onSuccess: onClose });
  };
  return (
    <Dialog title={t("Change the segment")} onClose={onClose}>
      <form className="ask-form" onSubmit={save}>
        <label className="field">
          {t("Name")}
          <input value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
        </label>
        <label className="field">
          {t("What it is for")}
          <input value={about} onChange={(event) => setAbout(event.target.value)} maxLength={500} />
        </label>
        <Problem message={define.error?.message} />
        <div className="filter-foot">
          <button type="button" className="button" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button type="submit" className="button primary" disabled={define.isPending || title.trim() === ""}>
            {t("Save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
