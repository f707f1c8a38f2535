import { ConfirmButton } from "../../../design/confirm.tsx";
import { CopyCode } from "../../../design/copy.tsx";
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
      <h2>Secrets</h2>
      <p>
        Your back end makes tokens with one and asks nobody for that. To replace it, make a second, change over, then
        revoke the first.
      </p>
      <Problem message={(make.error ?? revoke.error ?? secrets.error)?.message} />
      {make.data && (
        <div role="status">
          <p>This secret is shown this once:</p>
          <CopyCode code={make.data.secret} label="New secret" />
        </div>
      )}
      {(secrets.data?.length ?? 0) > 0 && (
        <Table columns={["Secret", "Made"]} actions>
          {secrets.data?.map(({ key_id: id, created_at: made }) => (
            <tr key={id}>
              <td>
                <code>{id}</code>
              </td>
              <td>{new Date(made).toLocaleDateString()}</td>
              <td>
                <ConfirmButton
                  className="button small"
                  action="Revoke"
                  label={`Revoke the secret ${id}`}
                  title="Revoke this secret?"
                  onConfirm={() => revoke.mutate({ method: "DELETE", path: `${PATH}/${id}` })}
                >
                  All tokens made with {id} end within a minute, and customers who look see nothing any more.
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
          New secret
        </button>
      </div>
    </>
  );
}
