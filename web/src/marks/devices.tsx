const SHAPES: Readonly<Record<string, string | undefined>> = {
  desktop: "M1.5 3h13v8h-13zM5.5 13.5h5M8 11v2.5",
  mobile: "M4.5 1.5h7v13h-7zM7.25 12.25h1.5",
  tablet: "M2.75 1.5h10.5v13H2.75zM7 12.25h2",
  tv: "M1.5 4.5h13v8h-13zM5.5 1.5 8 4.5l2.5-3",
  console: "M4 5h8a2.5 2.5 0 0 1 2.5 2.5V11H1.5V7.5A2.5 2.5 0 0 1 4 5ZM4 8h2M5 7v2M11 8h.1",
  wearable: "M5 4.5h6v7H5zM6 4.5V1.5h4v3M6 11.5v3h4v-3",
};

/** The shape of a device, in the colour of the text. */
export default function Device({ value }: { readonly value: string }) {
  const shape = SHAPES[value];
  if (shape === undefined) return null;
  return (
    <svg viewBox="0 0 16 16" focusable="false">
      <path
        d={shape}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
