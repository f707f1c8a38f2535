import { useId } from "react";
import { Icon } from "../../design/icon.tsx";
import { t } from "../../language/words.ts";

interface Props {
  readonly names: readonly { readonly name: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly onChoose: (names: readonly string[]) => void;
}

/** Which properties a list shows. The browser's own popover: Escape, a click elsewhere and the way back of the focus come with it. */
export function Columns({ names, chosen, onChoose }: Props) {
  const id = useId();
  return (
    <div className="columns">
      <button type="button" className="button small" popoverTarget={id}>
        <Icon name="table" /> {t("Columns")}
      </button>
      <div id={id} popover="auto" className="columns-panel" role="group" aria-label={t("Columns")}>
        {names.map(({ name, label }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) =>
                onChoose(event.target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
              }
            />
            {label}
          </label>
        ))}
      </div>
    </div>
  );
}
