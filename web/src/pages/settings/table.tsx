import type { ReactNode } from "react";
import { t } from "../../language/words.ts";

interface Props {
  readonly columns: readonly string[];
  /** Whether each row ends with what can be done with it. */
  readonly actions?: boolean;
  /** The rows. */
  readonly children: ReactNode;
}

/** A table of the settings; it scrolls sideways where the screen is narrow. */
export function Table({ columns, actions = false, children }: Props) {
  return (
    <div className={`settings-table ${actions ? "actions" : ""}`}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column}>{column}</th>
            ))}
            {actions && (
              <th>
                <span className="visually-hidden">{t("Actions")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
