import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "../../../api/session.ts";
import { ConfirmButton } from "../../../design/confirm.tsx";
import { CopyCode } from "../../../design/copy.tsx";
import { locale, t } from "../../../language/words.ts";
import { session as sessionQuery } from "../../../questions/project.ts";
import { Problem } from "../form.tsx";
import { Table } from "../table.tsx";
import { useAsked, useChange } from "../use-console.ts";

interface Told {
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly timezone: string;
    readonly createdAt: number;
    readonly archived: boolean;
  }[];
}

interface Made {
  readonly project: { readonly id: string; readonly name: string };
  readonly writeKey: string;
  readonly readKey: string;
  readonly masterKey: string;
}

/** All projects: made, renamed, put into the archive and taken out. */
export function Projects({ session }: { readonly session: Session }) {
  const told = useAsked<Told>(session, "/projects");
  const queries = useQueryClient();
  // The session says which projects there are to choose from.
  const done = () => void queries.invalidateQueries({ queryKey: sessionQuery().queryKey });
  const make = useChange<Made>(session);
  const change = useChange(session);
  const [name, setName] = useState("");
  const put = (id: string, body: object) =>
    change.mutate({ method: "PUT", path: `/projects/${id}`, body }, { onSuccess: done });
  const projects = told.data?.projects.toSorted(
    (a, b) => Number(a.archived) - Number(b.archived) || a.name.localeCompare(b.name),
  );
  return (
    <>
      <Problem message={(make.error ?? change.error ?? told.error)?.message} />
      <Table columns={[t("Project"), t("Time zone"), t("Made")]} actions>
        {projects?.map((project) => (
          <tr key={project.id}>
            <td>
              <Name name={project.name} onRename={(text) => put(project.id, { name: text })} />
              <code>{project.id}</code>
            </td>
            <td>{project.timezone}</td>
            <td>{new Date(project.createdAt).toLocaleDateString(locale)}</td>
            <td>
              {project.archived ? (
                <button type="button" className="button small" onClick={() => put(project.id, { archived: false })}>
                  {t("Take out of the archive")}
                </button>
              ) : (
                <ConfirmButton
                  className="button small"
                  action={t("Archive")}
                  label={t("Archive {name}", { name: project.name })}
                  title={t("Archive {name}?", { name: project.name })}
                  onConfirm={() => put(project.id, { archived: true })}
                >
                  {t("Nothing is recorded in an archived project. What is stored stays, and can be asked about.")}
                </ConfirmButton>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <form
        className="settings-row"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(
            { method: "POST", path: "/projects", body: { name } },
            {
              onSuccess: () => {
                setName("");
                done();
              },
            },
          );
        }}
      >
        <label className="field">
          {t("Name of a new project")}
          <input value={name} onChange={(event) => setName(event.target.value)} required maxLength={200} />
        </label>
        <button type="submit" className="button primary" disabled={make.isPending}>
          {t("Make the project")}
        </button>
      </form>
      {make.data && (
        <div role="status">
          <p>{t("The keys of {name}. Read and master key are shown this once:", { name: make.data.project.name })}</p>
          <CopyCode
            code={`project  ${make.data.project.id}\nwrite    ${make.data.writeKey}\nread     ${make.data.readKey}\nmaster   ${make.data.masterKey}`}
            label={t("Keys of the new project")}
          />
        </div>
      )}
    </>
  );
}

/** A name that is changed where it stands; Escape leaves it as it was. */
function Name({ name, onRename }: { readonly name: string; readonly onRename: (text: string) => void }) {
  const [text, setText] = useState<string>();
  if (text === undefined) {
    return (
      <button
        type="button"
        className="settings-name"
        aria-label={t("Rename {name}", { name })}
        onClick={() => setText(name)}
      >
        {name}
      </button>
    );
  }
  const rename = () => {
    setText(undefined);
    if (text.trim() !== "" && text !== name) onRename(text);
  };
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        rename();
      }}
    >
      <input
        aria-label={t("New name of {name}", { name })}
        value={text}
        autoFocus
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => event.key === "Escape" && setText(undefined)}
      />
    </form>
  );
}
