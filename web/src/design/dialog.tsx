import { useEffect, useRef, type ReactNode } from "react";
import { t } from "../language/words.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly title: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: the browser's own, so focus, Escape and the inert page behind it come for free. */
export function Dialog({ title, className, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    // The browser would take the close button: the least likely thing to be wanted first.
    (dialog.querySelector("input") ?? dialog).focus();
  }, []);
  return (
    <dialog
      ref={ref}
      className={className}
      tabIndex={-1}
      aria-label={title}
      onClose={onClose}
      // Closed, its field has the focus until the browser draws again; such a key is one for the page.
      onKeyDown={(event) => event.currentTarget.open && event.stopPropagation()}
      // A click on the backdrop has the dialog itself as its target.
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div className="dialog-head">
        <h2>{title}</h2>
        <button
          type="button"
          className="button quiet icon"
          aria-label={t("Close")}
          onClick={() => ref.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
