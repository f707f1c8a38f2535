import { useState } from "react";
import { asDefinition } from "../asking/annotations.ts";
import { useDefine } from "../asking/definitions.ts";
import { nameOf } from "../asking/saved.ts";
import { t } from "../language/words.ts";
import { Problem } from "../pages/settings/form.tsx";

interface Props {
  /** The date that is offered, YYYY-MM-DD. */
  readonly date: string;
  readonly onDone?: () => void;
}

/** Writes a note on a day, or on an hour of it. */
export function NoteForm({ date: offered, onDone }: Props) {
  const [date, setDate] = useState(offered);
  const [time, setTime] = useState("");
  const [text, setText] = useState("");
  const define = useDefine("annotations");
  const at = time === "" ? date : `${date}T${time}`;
  const save = (event: React.SyntheticEvent) => {
    event.preventDefault();
    const definition = asDefinition({ text: text.trim(), at, version: 0 });
    define.mutate(
      { name: nameOf(`${at} ${text}`), definition },
      {
        onSuccess: () => {
          setText("");
          onDone?.();
        },
      },
    );
  };
  return (
    <form className="note-form" onSubmit={save}>
      <label className="field">
        {t("Note")}
        <input
          type="text"
          value={text}
          onChange={(event) => setText(event.target.value)}
          required
          maxLength={200}
          placeholder={t("Version 2 is out")}
        />
      </label>
      <label className="field">
        {t("Day")}
        <input type="date" value={date} onChange={(event) => setDate(event.target.value)} required />
      </label>
      <label className="field">
        {t("Hour, if it matters")}
        <input type="time" value={time} onChange={(event) => setTime(event.target.value)} />
      </label>
      <button type="submit" className="button primary" disabled={define.isPending || text.trim() === "" || date === ""}>
        {t("Add")}
      </button>
      <Problem message={define.error?.message} />
    </form>
  );
}
