import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { t } from "../language/words.ts";
import { Problem } from "../pages/settings/form.tsx";
import { usePage } from "../state/page.tsx";
import { addressOf } from "./address.ts";
import { asDefinition, boardOf, MOST_TILES, type Board } from "./board.ts";
import { definitionsOf, useDefine } from "./definitions.ts";
import { nameOf, type QuestionPage } from "./saved.ts";

interface Props {
  readonly page: QuestionPage;
  readonly onClose: () => void;
}

/** Puts the question on a board, a new one if there is none. */
export function PinDialog({ page, onClose }: Props) {
  const { access, search } = usePage();
  const { data } = useQuery(definitionsOf(access, "boards"));
  const boards = (data ?? []).map(boardOf);
  const [title, setTitle] = useState("");
  const [chosen, setChosen] = useState<string>();
  const [newTitle, setNewTitle] = useState("");
  const board = boards.find(({ name }) => name === (chosen ?? boards[0]?.name));
  const define = useDefine("boards");
  const made: Board = board ?? { name: nameOf(newTitle), title: newTitle.trim(), tiles: [], version: 0 };
  const isFull = made.tiles.length >= MOST_TILES;
  const tile = { title: title.trim(), page, address: addressOf(search), wide: page !== "explore" };
  return (
    <Dialog title={t("Pin to a board")} onClose={onClose}>
      <form
        className="ask-form"
        onSubmit={(event) => {
          event.preventDefault();
          const definition = asDefinition({ ...made, tiles: [...made.tiles, tile] });
          define.mutate({ name: made.name, definition }, { onSuccess: onClose });
        }}
      >
        <label className="field">
          {t("Title of the tile")}
          <input value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
        </label>
        {boards.length > 0 && (
          <label className="field">
            {t("Board")}
            <select className="button" value={board?.name ?? ""} onChange={(event) => setChosen(event.target.value)}>
              {boards.map(({ name, title: words }) => (
                <option key={name} value={name}>
                  {words}
                </option>
              ))}
              <option value="">{t("A new board")}</option>
            </select>
          </label>
        )}
        {!board && (
          <label className="field">
            {t("Name of the new board")}
            <input value={newTitle} onChange={(event) => setNewTitle(event.target.value)} required maxLength={200} />
          </label>
        )}
        <Problem
          message={isFull ? t("A board has at most {count} tiles.", { count: MOST_TILES }) : define.error?.message}
        />
        <div className="filter-foot">
          <button type="button" className="button" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button type="submit" className="button primary" disabled={data === undefined || define.isPending || isFull}>
            {t("Pin")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
