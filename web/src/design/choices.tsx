import "./choices.css";

interface Props<T extends string> {
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: T[]) => void;
}

/** Several of a few, each with a box to tick; in the order that they are offered in. */
export function Choices<T extends string>({ legend, options, chosen, onChange }: Props<T>) {
  const toggle = (value: T) =>
    onChange(
      options.flatMap((option) => {
        const on = chosen.includes(option.value);
        return (option.value === value ? !on : on) ? [option.value] : [];
      }),
    );
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
