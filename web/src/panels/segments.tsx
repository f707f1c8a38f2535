import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { definitionsOf, mayDefine, useDefine } from "../asking/definitions.ts";
import { nameOf } from "../asking/saved.ts";
import { asDefinition, isOn, segmentOf, toggleSegment } from "../asking/segments.ts";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { Problem } from "../pages/settings/form.tsx";
import { usePage } from "../state/page.tsx";
import { filterWords } from "./filter-words.ts";
import { Nothing, PanelFailure, SkeletonRows } from "./states.tsx";
import "./segments.css";

/** The project's segments, to be put on and taken off, and a name for the filters that are on. */
export default function Segments({ onClose }: { readonly onClose: () => void }) {
  const { access, search, update, names } = usePage();
  const query = useQuery(definitionsOf(access, "segments"));
  const segments = query.data?.map(segmentOf);
  return (
    <Dialog title={t("Segments")} onClose={onClose}>
      {query.isError ? (
        <PanelFailure error={query.error} onRetry={() => void query.refetch()} />
      ) : !segments ? (
        <SkeletonRows rows={3} />
      ) : segments.length === 0 ? (
        <Nothing>{t("No segment yet. A segment is filters under a name.")}</Nothing>
      ) : (
        <ul className="segments">
          {segments.map((segment) => {
            const on = isOn(segment, search.filters);
            return (
              <li key={segment.name}>
                <button
                  type="button"
                  aria-pressed={on}
                  onClick={(event) => {
                    update({ filters: toggleSegment(segment, search.filters) });
                    event.currentTarget.closest("dialog")?.close();
                  }}
                >
                  <b>
                    {segment.title}
                    {on && <Icon name="check" />}
                  </b>
                  {segment.about && <span>{segment.about}</span>}
                  <small>{segment.filters.map((filter) => filterWords(filter, names)).join(", ")}</small>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {mayDefine(access) && segments && <SaveForm taken={segments.map(({ name }) => name)} />}
    </Dialog>
  );
}

/** Gives the filters that are on a name. */
function SaveForm({ taken }: { readonly taken: readonly string[] }) {
  const { search } = usePage();
  const [title, setTitle] = useState("");
  const define = useDefine("segments");
  const name = nameOf(title);
  const none = search.filters.length === 0;
  const save = (event: React.SyntheticEvent) => {
    event.preventDefault();
    const definition = asDefinition({ title: title.trim(), about: "", filters: search.filters, version: 0 });
    define.mutate({ name, definition }, { onSuccess: () => setTitle("") });
  };
  return (
    <form className="segments-save" onSubmit={save}>
      <label className="field">
        {t("Save the filters that are on as")}
        <input value={title} disabled={none} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
      </label>
      <button
        type="submit"
        className="button primary"
        disabled={none || name === "" || taken.includes(name) || define.isPending}
      >
        {t("Save")}
      </button>
      <p>
        {none
          ? t("No filter is on.")
          : taken.includes(name)
            ? t("A segment of this name is there.")
            : t("Everybody in the project can use it. It is renamed, described and deleted under Setup.")}
      </p>
      <Problem message={define.error?.message} />
    </form>
  );
}
