import { useEffect, useRef, type ReactNode } from "react";

interface MenuProps {
  /** What the button says. */
  readonly button: ReactNode;
  readonly label: string;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly side?: "start" | "end";
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button with a panel under it. Escape and a click elsewhere close it; arrow keys walk through its items. */
export function Menu({ button, label, open, onOpen, side = "end", className = "", children }: MenuProps) {
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    const panel = root.current?.querySelector<HTMLElement>(".menu-panel");
    (
      panel?.querySelector<HTMLElement>('[aria-checked="true"]') ?? panel?.querySelector<HTMLElement>("button, input")
    )?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) onOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open, onOpen]);

  const close = () => {
    onOpen(false);
    trigger.current?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!open) return;
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const items = [...(root.current?.querySelectorAll<HTMLElement>(".menu-item") ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    items.at((at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length)?.focus();
  };

  return (
    <div className={`menu ${className}`} ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="button"
        ref={trigger}
        aria-haspopup="true"
        aria-expanded={open}
        aria-label={label}
        onClick={() => onOpen(!open)}
      >
        {button}
      </button>
      {open && <div className={`menu-panel ${side}`}>{children}</div>}
    </div>
  );
}

interface ChoicesProps {
  /** What is chosen. */
  readonly label: string;
  /** The {@link MenuItem}s. */
  readonly children: ReactNode;
}

/** Items of a {@link Menu} of which one is on. The panel holds more than items, so that it is none itself. */
export function MenuChoices({ label, children }: ChoicesProps) {
  return (
    <div role="menu" aria-label={label}>
      {children}
    </div>
  );
}

interface ItemProps {
  readonly checked?: boolean;
  readonly hint?: string | undefined;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

/** One of {@link MenuChoices}; `hint` is the key that does the same. */
export function MenuItem({ checked = false, hint, onChoose, children }: ItemProps) {
  return (
    <button type="button" className="menu-item" role="menuitemradio" aria-checked={checked} onClick={onChoose}>
      <span className="fill">{children}</span>
      {hint && <kbd aria-hidden="true">{hint}</kbd>}
    </button>
  );
}
