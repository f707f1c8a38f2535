import { useState, type ReactNode } from "react";
import { t } from "../language/words.ts";
import { Dialog } from "./dialog.tsx";

interface Props {
  /** What the button says, and what it does: "Revoke". */
  readonly action: string;
  /** What a screen reader hears where several buttons say the same. */
  readonly label?: string;
  readonly className?: string;
  /** The question, as a heading: "Revoke this key?" */
  readonly title: string;
  /** What becomes of it. */
  readonly children: ReactNode;
  readonly onConfirm: () => void;
}

/** A button whose deed cannot be taken back: it asks first. Escape and "Cancel" leave everything as it is. */
export function ConfirmButton({ action, label, className = "button", title, children, onConfirm }: Props) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button type="button" className={className} aria-label={label} onClick={() => setAsked(true)}>
        {action}
      </button>
      {asked && (
        <Dialog title={title} onClose={() => setAsked(false)}>
          <div className="confirm">
            <p>{children}</p>
            {/* The browser closes it and gives the focus back. */}
            <form method="dialog" className="confirm-foot">
              <button type="submit" className="button">
                {t("Cancel")}
              </button>
              <button type="submit" className="button danger" onClick={onConfirm}>
                {action}
              </button>
            </form>
          </div>
        </Dialog>
      )}
    </>
  );
}
