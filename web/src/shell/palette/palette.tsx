import { useId, useState } from "react";
import { Dialog } from "../../design/dialog.tsx";
import { t } from "../../language/words.ts";
import { matching, type Command } from "./command.ts";
import { useCommands } from "./use-commands.ts";
import "./palette.css";

/** Goes anywhere and does anything by name: a combobox whose list is always open (ARIA's pattern with the focus in the field). */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = matching(useCommands(), text);
  const chosen = found[Math.min(at, found.length - 1)];
  const optionId = (command: Command) => `${id} ${command.id}`.replace(/\s/g, "-");
  const run = (command: Command, from: HTMLElement) => {
    // Closed first, by itself, so that the focus goes back to where it was: what the command opens may take it from there.
    from.closest("dialog")?.close();
    command.run();
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined && found.length > 0) {
      event.preventDefault();
      const isStep = event.key.startsWith("Arrow");
      const next = isStep ? (to + found.length) % found.length : Math.max(0, Math.min(found.length - 1, to));
      setAt(next);
      const command = found[next];
      if (command) document.getElementById(optionId(command))?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && chosen) {
      event.preventDefault();
      run(chosen, event.currentTarget);
    }
  };
  return (
    <Dialog title={t("Go to or do")} className="palette" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        className="palette-field"
        aria-label={t("Page, range, filter, or a name")}
        placeholder={t("Page, range, filter, or a name")}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen && optionId(chosen)}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul role="listbox" id={`${id}-list`} className="palette-list" aria-label={t("Found")} tabIndex={-1}>
        {found.map((command) => (
          <li
            key={command.id}
            id={optionId(command)}
            role="option"
            aria-selected={command === chosen}
            onClick={(event) => run(command, event.currentTarget)}
          >
            <span className="fill">{command.label}</span>
            <small>{command.group}</small>
            {command.hint && <kbd>{command.hint}</kbd>}
          </li>
        ))}
      </ul>
      <p className={found.length > 0 ? "visually-hidden" : "palette-none"} role="status">
        {found.length > 0 ? t("{count} found", { count: found.length }) : t("Nothing is called that.")}
      </p>
    </Dialog>
  );
}
