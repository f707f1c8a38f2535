import { commandLine, type OpsArgument, type OpsCommand, type OpsOutcome } from "@millrace/client";
import { useState } from "react";
import { CopyCode } from "../../../design/copy.tsx";
import { Dialog } from "../../../design/dialog.tsx";
import { t } from "../../../language/words.ts";
import { useReader } from "../../../shell/reader.tsx";
import { Problem } from "../../settings/form.tsx";
import { useOperator } from "../use-operator.ts";
import { useCommand } from "./use-command.ts";

interface Props {
  readonly command: OpsCommand;
  /** The stage on AWS; null: one machine. */
  readonly stage: string | null;
  readonly onClose: () => void;
}

type Values = Readonly<Record<string, string | undefined>>;

/** Asks what a command needs, shows what it would do, and does it when it is told to. */
export default function CommandDialog({ command, stage, onClose }: Props) {
  const { projects, access } = useReader();
  const needsProject = command.takes.some(({ name, required }) => name === "project" && required);
  const [values, setValues] = useState<Values>(needsProject ? { project: access.id } : {});
  const [typed, setTyped] = useState("");
  const { look, deed, progress, reset } = useCommand(command);
  const isBusy = look.isPending || deed.isPending;
  const change = (name: string) => (event: { readonly target: { readonly value: string } }) => {
    setValues({ ...values, [name]: event.target.value || undefined });
    setTyped("");
    reset();
  };
  /** What is typed before there is no way back. */
  const name = projects.find(({ id }) => id === values["project"])?.name ?? command.name;
  const mayDo = look.isSuccess && !deed.isSuccess && !isBusy && (!command.for_good || typed === name);
  return (
    <Dialog title={command.title} onClose={onClose}>
      <form
        className="mend-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isBusy || !command.runs) return;
          reset();
          look.mutate(values);
        }}
      >
        <p>{command.does}</p>
        {command.takes.map((argument) => (
          <Argument
            key={argument.name}
            argument={argument}
            value={values[argument.name] ?? ""}
            onChange={change(argument.name)}
          />
        ))}
        {command.runs ? (
          <>
            <div className="confirm-foot">
              <button type="submit" className="button" disabled={isBusy}>
                {command.waits ? t("Look until nothing waits") : t("Show what it would do")}
              </button>
            </div>
            <Problem message={(deed.error ?? look.error)?.message} />
            {progress && <Outcome outcome={progress} isRunning={isBusy} />}
            {look.isSuccess && !deed.isSuccess && command.for_good && (
              <label className="field">
                {t("There is no way back. Type “{name}” to go on", { name })}
                <input
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                />
              </label>
            )}
            {look.isSuccess && !deed.isSuccess && !command.waits && (
              <div className="confirm-foot">
                <button type="button" className="button" onClick={onClose}>
                  {t("Cancel")}
                </button>
                <button
                  type="button"
                  className={`button ${command.for_good ? "danger" : "primary"}`}
                  disabled={!mayDo}
                  onClick={() => deed.mutate(values)}
                >
                  {command.title}
                </button>
              </div>
            )}
          </>
        ) : (
          <p className="notice">
            {t(
              "No function of this stage has the rights for it. Type it with your own; it says what it would do, and does it with --yes.",
            )}
          </p>
        )}
        <details open={!command.runs}>
          <summary>{t("On the command line")}</summary>
          <CopyCode code={commandLine(command, values, stage)} label={t("The command")} />
        </details>
      </form>
    </Dialog>
  );
}

interface ArgumentProps {
  readonly argument: OpsArgument;
  readonly value: string;
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
}

function Argument({ argument: { label, kind, required }, value, onChange }: ArgumentProps) {
  const { projects } = useReader();
  return (
    <label className="field">
      {label}
      {kind === "project" ? (
        <select className="button" value={value} onChange={onChange}>
          {!required && <option value="">{t("All projects")}</option>}
          {projects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <input value={value} onChange={onChange} required={required} autoComplete="off" spellCheck={false} />
      )}
    </label>
  );
}

/** What was found or done, in numbers; while it runs, how far it came. */
function Outcome({ outcome, isRunning }: { readonly outcome: OpsOutcome; readonly isRunning: boolean }) {
  const { numbers } = useOperator();
  return (
    <div
      className="mend-outcome"
      role="status"
      aria-busy={isRunning}
      aria-label={outcome.done ? t("Done") : t("What it would do")}
    >
      {outcome.numbers.length > 0 && (
        <dl>
          {outcome.numbers.map(({ label, value }) => (
            <div key={label}>
              <dd>{numbers.count(value)}</dd>
              <dt>{label}</dt>
            </div>
          ))}
        </dl>
      )}
      <p>{isRunning ? t("Going on …") : outcome.said}</p>
    </div>
  );
}
