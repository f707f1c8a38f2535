import { lazy, Suspense, useState } from "react";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";

const ChangesDialog = lazy(() => import("./changes-dialog.tsx"));

/** Asks what the numbers moved for. It asks much, so that it does when it is wanted. */
export function ChangesButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button small icon"
        aria-haspopup="dialog"
        aria-label={t("What changed")}
        title={t("What changed: what explains it, and spikes")}
        onClick={() => setOpen(true)}
      >
        <Icon name="chart" />
      </button>
      {open && (
        <Suspense>
          <ChangesDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
