import { ConfirmButton } from "../../design/confirm.tsx";
import { CopyCode } from "../../design/copy.tsx";
import { locale, t } from "../../language/words.ts";
import { Table } from "./table.tsx";
import { Problem } from "./form.tsx";
import type { PartProps } from "./part.ts";
import { useAsked, useChange } from "./use-console.ts";

interface Key {
  readonly id: string;
  readonly kind: "write" | "read" | "master";
  readonly createdAt: number;
  readonly value: string | null;
}

const KINDS = ["write", "read", "master"] as const;

/** The keys of a project: a new one beside the one in use, then the old one ends. */
export function Keys({ session, project }: PartProps) {
  const path = `/projects/${project.id}/keys`;
  const keys = useAsked<{ keys: readonly Key[] }>(session, path);
  const make = useChange<{ key: string }>(session);
  const revoke = useChange(session);
  return (
    <>
      <p>
        {t("Make a new key, put it where the old one is used, then revoke the old one. Two of a kind can be active.")}
      </p>
      <Problem message={(make.error ?? revoke.error ?? keys.error)?.message} />
      {make.data && (
        <div role="status">
          <p>{t("This key is shown this once:")}</p>
          <CopyCode code={make.data.key} label={t("New key")} />
        </div>
      )}
      <Table columns={[t("Kind"), t("Made"), t("Key")]} actions>
        {keys.data?.keys.map(({ id, kind, createdAt, value }) => (
          <tr key={id}>
            <td>{kind}</td>
            <td>{new Date(createdAt).toLocaleDateString(locale)}</td>
            <td>
              <code>{value ?? `hash ${id.slice(0, 12)}…`}</code>
            </td>
            <td>
              <ConfirmButton
                className="button small"
                action={t("Revoke")}
                label={t("Revoke the {kind} key {id}", { kind, id: id.slice(0, 6) })}
                title={t("Revoke this {kind} key?", { kind })}
                onConfirm={() => revoke.mutate({ method: "DELETE", path: `${path}/${id}` })}
              >
                {t("Whoever uses it is refused within a minute.")}
              </ConfirmButton>
            </td>
          </tr>
        ))}
      </Table>
      <div className="settings-actions">
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className="button"
            onClick={() => make.mutate({ method: "POST", path, body: { kind } })}
          >
            {t("New {kind} key", { kind })}
          </button>
        ))}
      </div>
    </>
  );
}
