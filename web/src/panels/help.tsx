import { Dialog } from "../design/dialog.tsx";
import { t } from "../language/words.ts";
import { RANGES } from "../state/ranges.ts";
import "./help.css";

const OTHERS = [
  ["← →", t("Previous, next period")],
  ["I", t("Width of one point")],
  ["X", t("Comparison on, off")],
  ["/", t("Search in all pages")],
  ["Esc", t("Clear filters")],
  ["Ctrl K", t("Go to or do anything by name")],
  ["?", t("This list")],
] as const;

/** The keys of the page. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t("Keyboard shortcuts")} onClose={onClose}>
      <dl className="keys">
        {RANGES.map((range) => (
          <div key={range.name}>
            <dt>
              <kbd>{range.key}</kbd>
            </dt>
            <dd>{range.label}</dd>
          </div>
        ))}
        {OTHERS.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p className="keys-note">
        {t("Hold Alt while clicking a row to leave it out instead. Drag over the chart to zoom in.")}
      </p>
    </Dialog>
  );
}
