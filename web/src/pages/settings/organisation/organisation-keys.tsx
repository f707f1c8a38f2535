import { useState } from "react";
import type { Session } from "../../../api/session.ts";
import { ConfirmButton } from "../../../design/confirm.tsx";
import { CopyCode } from "../../../design/copy.tsx";
import { locale, t } from "../../../language/words.ts";
import { Problem } from "../form.tsx";
import { Table } from "../table.tsx";
import { useAsked, useChange } from "../use-console.ts";

interface Told {
  readonly keys: readonly { readonly id: string; readonly name: string; readonly createdAt: number }[];
}

const PATH = "/organisation-keys";

/** Keys of programs that make projects, such as for customers who sign up. A new one beside the one in use, then the old one ends. */
export function OrganisationKeys({ session }: { readonly session: Session }) {
  const told = useAsked<Told>(session, PATH);
  const make = useChange<{ key: string }>(session);
  const revoke = useChange(session);
  const [name, setName] = useState("");
  return (
    <>
      <p>
        {t(
          "For programs that make projects, as for customers who sign up. To replace one, make a second, change over, then revoke the first.",
        )}
      </p>
      <Problem message={(make.error ?? revoke.error ?? told.error)?.message} />
      {make.data && (
        <div role="status">
          <p>{t("This key is shown this once:")}</p>
          <CopyCode code={make.data.key} label={t("New organisation key")} />
        </div>
      )}
      {(told.data?.keys.length ?? 0) > 0 && (
        <Table columns={[t("Name"), t("Made"), t("Key")]} actions>
          {told.data?.keys.map((key) => (
            <tr key={key.id}>
              <td>{key.name}</td>
              <td>{new Date(key.createdAt).toLocaleDateString(locale)}</td>
              <td>
                <code>hash {key.id.slice(0, 12)}…</code>
              </td>
              <td>
                <ConfirmButton
                  className="button small"
                  action={t("Revoke")}
                  label={t("Revoke the organisation key {name}", { name: key.name })}
                  title={t("Revoke this key?")}
                  onConfirm={() => revoke.mutate({ method: "DELETE", path: `${PATH}/${key.id}` })}
                >
                  {t("Programs that use “{name}” are refused at once.", { name: key.name })}
                </ConfirmButton>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <form
        className="settings-row"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ method: "POST", path: PATH, body: { name } }, { onSuccess: () => setName("") });
        }}
      >
        <label className="field">
          {t("Name of a new key, such as the program it is for")}
          <input value={name} onChange={(event) => setName(event.target.value)} required maxLength={100} />
        </label>
        <button type="submit" className="button primary" disabled={make.isPending}>
          {t("New organisation key")}
        </button>
      </form>
    </>
  );
}
