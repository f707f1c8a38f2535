import { useState } from "react";
import { asDefinition, type Board } from "../../asking/board.ts";
import { useDefine } from "../../asking/definitions.ts";
import { Dialog } from "../../design/dialog.tsx";
import { t } from "../../language/words.ts";
import { Problem } from "../settings/form.tsx";

interface Props {
  readonly board: Board;
  readonly onClose: () => void;
}

/** Gives a board another title, or takes it away; the questions on it stay where they were saved. */
export function RenameDialog({ board, onClose }: Props) {
  const [title, setTitle] = useState(board.title);
  const define = useDefine("boards");
  const done = { onSuccess: onClose };
  return (
    <Dialog title={t("Board")} onClose={onClose}>
      <form
        className="ask-form"
        onSubmit={(event) => {
          event.preventDefault();
          define.mutate({ name: board.name, definition: asDefinition({ ...board, title: title.trim() }) }, done);
        }}
      >
        <label className="field">
          {t("Name")}
          <input value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
        </label>
        <Problem message={define.error?.message} />
        <div className="filter-foot">
          <button
            type="button"
            className="button"
            disabled={define.isPending}
            onClick={() => define.mutate({ name: board.name, definition: undefined }, done)}
          >
            {t("Delete the board")}
          </button>
          <button type="submit" className="button primary" disabled={define.isPending || title.trim() === ""}>
            {t("Rename")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
