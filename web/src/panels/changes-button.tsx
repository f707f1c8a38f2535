import { lazy } from "react";
import { DialogButton } from "../design/dialog-button.tsx";
import { t } from "../language/words.ts";

const ChangesDialog = lazy(() => import("./changes-dialog.tsx"));

/** Asks what the numbers moved for. It asks much, so that it does when it is wanted. */
export function ChangesButton() {
  return (
    <DialogButton label={t("What changed")} title={t("What changed: what explains it, and spikes")} icon="chart">
      {(close) => <ChangesDialog onClose={close} />}
    </DialogButton>
  );
}
