import { Suspense } from "react";
import { lazyAfterPaint } from "../state/painted.ts";
import "./value-mark.css";

const Drawn = lazyAfterPaint(() => import("./drawn.tsx"));

const MARKED: ReadonlySet<string> = new Set(["$geo.country", "$browser.name", "$os.name", "$device"]);

interface Props {
  readonly field: string;
  readonly value: string | number | boolean | null;
}

/** The mark before a value's name, decoration only. Its room is there before it is, so that nothing moves. */
export function ValueMark({ field, value }: Props) {
  if (!MARKED.has(field)) return null;
  return (
    <span className="mark" aria-hidden="true">
      {typeof value === "string" && (
        <Suspense>
          <Drawn field={field} value={value} />
        </Suspense>
      )}
    </span>
  );
}
