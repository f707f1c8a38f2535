import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asDefinition, boardOf, type Board } from "../../asking/board.ts";
import { definitionsOf, mayDefine, useDefine } from "../../asking/definitions.ts";
import { Choice } from "../../asking/fields.tsx";
import { useSpec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { Nothing, PanelFailure, SkeletonRows } from "../../panels/states.tsx";
import { usePage } from "../../state/page.tsx";
import { Problem } from "../settings/form.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { BOARDS } from "./spec.ts";
import { TileView } from "./tile.tsx";
import "../../asking/asking.css";
import "./boards.css";

/** Pinned questions beside each other, all about the range and the filters of the page's head. */
export function Boards() {
  const { access } = usePage();
  const [{ board: wanted }, change] = useSpec(BOARDS);
  const query = useQuery(definitionsOf(access, "boards"));
  const boards = (query.data ?? []).map(boardOf);
  const board = boards.find(({ name }) => name === wanted) ?? boards[0];
  const may = mayDefine(access);
  const define = useDefine("boards");
  const [isRenaming, setRenaming] = useState(false);
  const put = (next: Board) => define.mutate({ name: next.name, definition: asDefinition(next) });
  return (
    <>
      <header className="ask-title">
        <h2>{t("Boards")}</h2>
        {board && (
          <div>
            {boards.length > 1 && (
              <Choice label={t("Board")} value={board.name} onChange={(name) => change({ board: name })}>
                {boards.map(({ name, title }) => (
                  <option key={name} value={name}>
                    {title}
                  </option>
                ))}
              </Choice>
            )}
            {may && (
              <button type="button" className="button" aria-haspopup="dialog" onClick={() => setRenaming(true)}>
                {t("Rename or delete")}
              </button>
            )}
          </div>
        )}
      </header>
      <Problem message={define.error?.message} />
      {query.isError ? (
        <section className="surface ask-result">
          <PanelFailure error={query.error} onRetry={() => void query.refetch()} />
        </section>
      ) : !query.data ? (
        <section className="surface ask-result">
          <SkeletonRows rows={6} />
        </section>
      ) : !board || board.tiles.length === 0 ? (
        <section className="surface ask-result">
          <Nothing>
            {may
              ? t(
                  "Ask something on Explore, Funnels, Retention or Paths, and pin it: it is here for everybody in the project.",
                )
              : t("Nothing is pinned yet.")}
          </Nothing>
        </section>
      ) : (
        <section className="board" aria-label={board.title}>
          <h3>{board.title}</h3>
          <ul>
            {board.tiles.map((tile, at) => (
              <li key={`${at} ${tile.page} ${tile.address}`} className={tile.wide ? "wide" : ""}>
                <TileView
                  tile={tile}
                  {...(may && {
                    onChange: (next) => put({ ...board, tiles: board.tiles.with(at, next) }),
                    onRemove: () => put({ ...board, tiles: board.tiles.toSpliced(at, 1) }),
                    ...(at > 0 && {
                      onEarlier: () =>
                        put({ ...board, tiles: board.tiles.toSpliced(at, 1).toSpliced(at - 1, 0, tile) }),
                    }),
                  })}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      {isRenaming && board && <RenameDialog board={board} onClose={() => setRenaming(false)} />}
    </>
  );
}
