import { Suspense, useState, type ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface Props {
  readonly label: string;
  /** What it does, in a few words more. */
  readonly title: string;
  readonly icon: IconName;
  /** The dialog; its code may come when it is wanted. */
  readonly children: (close: () => void) => ReactNode;
}

/** An icon that opens a dialog. */
export function DialogButton({ label, title, icon, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button small icon"
        aria-haspopup="dialog"
        aria-label={label}
        title={title}
        onClick={() => setOpen(true)}
      >
        <Icon name={icon} />
      </button>
      {open && <Suspense>{children(() => setOpen(false))}</Suspense>}
    </>
  );
}
