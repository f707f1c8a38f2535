import type { NumberFormat } from "../format/number.ts";
import { usePage } from "../state/page.tsx";

interface Props {
  /** Relative change; null: no earlier value to relate to. */
  readonly change: number | null;
  /** Which direction is good news. */
  readonly better?: "more" | "less";
  readonly title?: string | undefined;
}

/** A change with arrow and sign: its colour only repeats what they say. */
export function Change(props: Props) {
  return <ChangeBy numbers={usePage().numbers} {...props} />;
}

/** The same where there is no page around it. */
export function ChangeBy({ numbers, change, better = "more", title }: Props & { readonly numbers: NumberFormat }) {
  if (change === null) return null;
  const rounded = Math.round(change * 100);
  const good = rounded === 0 ? undefined : rounded > 0 === (better === "more");
  return (
    <span className={`change ${good === undefined ? "" : good ? "good" : "bad"}`} title={title}>
      {rounded !== 0 && <span aria-hidden="true">{rounded > 0 ? "↑" : "↓"}</span>}
      {numbers.change(rounded === 0 ? 0 : change)}
    </span>
  );
}
