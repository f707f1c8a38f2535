import { markOf, MARKS_FOLDER } from "./names.ts";

/** Devices have the colour of the text. */
const SHAPES: Readonly<Record<string, string | undefined>> = {
  desktop: "M1.5 3h13v8h-13zM5.5 13.5h5M8 11v2.5",
  mobile: "M4.5 1.5h7v13h-7zM7.25 12.25h1.5",
  tablet: "M2.75 1.5h10.5v13H2.75zM7 12.25h2",
};

interface Props {
  readonly field: string;
  readonly value: string;
}

/** A flag, a logo or a shape; nothing for what has none. All of them came with the page: no icon is asked of anybody else. */
export default function Drawn({ field, value }: Props) {
  if (field === "$device") {
    return (
      <svg viewBox="0 0 16 16" focusable="false">
        <path d={SHAPES[value]} fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinejoin="round" />
      </svg>
    );
  }
  const name = markOf(field, value);
  if (name === undefined) return null;
  const isFlag = field === "$geo.country";
  return (
    <img
      src={`${import.meta.env.BASE_URL}${MARKS_FOLDER}/${name}.svg`}
      alt=""
      className={isFlag ? "flag" : undefined}
    />
  );
}
