import { Dialog } from "../design/dialog.tsx";
import { RANGES } from "../state/ranges.ts";
import "./help.css";

const OTHERS = [
  ["← →", "Previous, next period"],
  ["I", "Width of one point"],
  ["X", "Comparison on, off"],
  ["/", "Search in all pages"],
  ["Esc", "Clear filters"],
  ["Ctrl K", "Go to or do anything by name"],
  ["?", "This list"],
] as const;

/** The keys of the page. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
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
        Hold Alt while clicking a row to leave it out instead. Drag over the chart to zoom in.
      </p>
    </Dialog>
  );
}
