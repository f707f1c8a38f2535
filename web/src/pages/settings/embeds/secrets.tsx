import { ConfirmButton } from "../../../design/confirm.tsx";
import { CopyCode } from "../../../design/copy.tsx";
import { locale, t } from "../../../language/words.ts";
import { Problem } from "../form.tsx";
import type { PartProps } from "../part.ts";
import { Table } from "../table.tsx";
import { useProjectAsked, useProjectChange } from "../use-project.ts";

interface Secret {
  readonly key_id: string;
  readonly created_at: string;
}

const PATH = "/embed-keys";

/** The secrets that tokens are made with: a new one beside the one in use, then the old one ends. */
export function Secrets({ project }: Pick<PartProps, "project">) {
  const secrets = useProjectAsked<readonly Secret[]>(project, PATH);
  const make = useProjectChange<{ secret: string }>(project);
  const revoke = useProjectChange(project);
  return (
    <>
      <h2>{t("Secrets")}</h2>
      <p>
        {t(
          "Your back end makes tokens with one and asks nobody for that. To replace it, make a second, change over, then revoke the first.",
        )}
      </p>
      <Problem message={(make.error ?? revoke.error ?? secrets.error)?.message} />
      {make.data && (
        <div role="status">
          <p>{t("This secret is shown this once:")}</p>
          <CopyCode code={make.data.secret} label={t("New secret")} />
        </div>
      )}
      {(secrets.data?.length ?? 0) > 0 && (
        <Table columns={[t("Secret"), t("Made")]} actions>
          {secrets.data?.map(({ key_id: id, created_at: made }) => (
            <tr key={id}>
              <td>
                <code>{id}</code>
              </td>
              <td>{new Date(made).toLocaleDateString(locale)}</td>
              <td>
                <ConfirmButton
                  className="button small"
                  action={t("Revoke")}
                  label={t("Revoke the secret {id}", { id })}
                  title={t("Revoke this secret?")}
                  onConfirm={() => revoke.mutate({ method: "DELETE", path: `${PATH}/${id}` })}
                >
                  {t("All tokens made with {id} end within a minute, and customers who look see nothing any more.", {
                    id,
                  })}
                </ConfirmButton>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <div className="settings-actions">
        <button
          type="button"
          className="button"
          disabled={make.isPending || (secrets.data?.length ?? 0) > 1}
          onClick={() => make.mutate({ method: "POST", path: PATH })}
        >
          {t("New secret")}
        </button>
      </div>
    </>
  );
}
