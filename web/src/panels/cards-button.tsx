import { lazy } from "react";
import { DialogButton } from "../design/dialog-button.tsx";
import { t } from "../language/words.ts";

const CardsDialog = lazy(() => import("./cards-dialog.tsx"));

/** Chooses which numbers stand in the head row. */
export function CardsButton() {
  return (
    <DialogButton label={t("Choose numbers")} title={t("Choose the numbers of the head row")} icon="settings">
      {(close) => <CardsDialog onClose={close} />}
    </DialogButton>
  );
}
