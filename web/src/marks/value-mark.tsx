import { lazy, Suspense, type ComponentType } from "react";
import "./value-mark.css";

/** What marks the values of a property. All are drawn here, of what came with the page: no icon is asked of anybody else. */
const MARKS: Readonly<Record<string, ComponentType<{ readonly value: string }> | undefined>> = {
  "$geo.country": lazy(() => import("./flags.tsx")),
  "$browser.name": lazy(() => import("./logos.tsx")),
  "$os.name": lazy(() => import("./logos.tsx")),
  $device: lazy(() => import("./devices.tsx")),
};

interface Props {
  readonly field: string;
  readonly value: string | number | boolean | null;
}

/** The mark before a value's name, decoration only. Its room is there before it is, so that nothing moves. */
export function ValueMark({ field, value }: Props) {
  const Drawn = MARKS[field];
  if (!Drawn) return null;
  return (
    <span className="mark" aria-hidden="true">
      {typeof value === "string" && (
        <Suspense>
          <Drawn value={value} />
        </Suspense>
      )}
    </span>
  );
}
