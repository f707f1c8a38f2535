/** A small line without axes: the shape of a metric. Decoration; the numbers are in the card and the table. */
export function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const known = values.filter((v) => v !== null);
  if (known.length < 2) return null;
  const max = Math.max(...known);
  const step = 100 / (values.length - 1);
  const y = (value: number) => (max === 0 ? 26 : 26 - (value / max) * 22);
  const points = values.flatMap((value, at) =>
    value === null ? [] : [`${(at * step).toFixed(2)},${y(value).toFixed(2)}`],
  );
  const first = points[0]?.split(",")[0] ?? "0";
  const last = points.at(-1)?.split(",")[0] ?? "100";
  return (
    <svg className="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <polygon points={`${first},28 ${points.join(" ")} ${last},28`} fill="var(--accent)" opacity="0.1" />
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
