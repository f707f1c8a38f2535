const PATHS = {
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
  down: "M4 6.5 8 10.5l4-4",
  up: "M4 9.5 8 5.5l4 4",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3.5 8.5l3 3 6-7",
  sun: "M8 5.25a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5ZM8 1.5v1.25M8 13.25v1.25M14.5 8h-1.25M2.75 8H1.5M12.6 3.4l-.9.9M4.3 11.7l-.9.9M12.6 12.6l-.9-.9M4.3 4.3l-.9-.9",
  moon: "M13.5 9.5A5.75 5.75 0 0 1 6.5 2.5a5.75 5.75 0 1 0 7 7Z",
  auto: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 0v12",
  refresh: "M13.5 8a5.5 5.5 0 1 1-1.7-3.98M13.5 2.25v2.5H11",
  warn: "M8 2.25 14.25 13.5H1.75L8 2.25ZM8 6.5v3.25M8 11.5v.1",
  moving: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3.25l2.25 1.25",
  help: "M6 6.1a2 2 0 1 1 2.7 1.88c-.5.2-.7.55-.7 1.12M8 11.5v.1M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5Z",
  expand: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
  download: "M8 2.5v7.5M4.75 7 8 10.25 11.25 7M3 13.5h10",
  mail: "M2 4h12v8.5H2zM2.25 4.25 8 9l5.75-4.75",
  filter: "M2.5 4h11M4.75 8h6.5M7 12h2",
  plus: "M8 3v10M3 8h10",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6",
  settings: "M2.5 4.5h5M10.5 4.5h3M9 3v3M2.5 11.5h3M8.5 11.5h5M7 10v3",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  overview: "M2.5 2.5h4.5v5H2.5zM9 2.5h4.5v3H9zM9 8h4.5v5.5H9zM2.5 10h4.5v3.5H2.5z",
  events: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
  operations: "M1.75 8h3l2-4.5 3 9 2-4.5h2.5",
  explore: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.5 10.5l3 3",
  funnel: "M2.5 3h11M4 6.5h8M5.5 10h5M7 13.5h2",
  retention: "M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.9h7.3M6.2 2.5v11M9.9 2.5v7.4",
  paths: "M2.5 8h3.5c2 0 2-4 4-4h3.5M6 8c2 0 2 4 4 4h3.5",
  goal: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  board: "M2.5 2.5h11v11h-11zM8 2.5v11M8 8h5.5",
  code: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
  sites: "M2.5 3h11v3h-11zM2.5 10h11v3h-11zM4.5 4.5h.1M4.5 11.5h.1",
  live: "M8 6.75a1.25 1.25 0 1 0 0 2.5 1.25 1.25 0 0 0 0-2.5ZM5 11a4.25 4.25 0 0 1 0-6M11 5a4.25 4.25 0 0 1 0 6M2.9 13.1a7.2 7.2 0 0 1 0-10.2M13.1 2.9a7.2 7.2 0 0 1 0 10.2",
  vitals: "M8 13.25 2.9 8.4a3.2 3.2 0 1 1 5.1-3.8 3.2 3.2 0 1 1 5.1 3.8ZM4.25 8h2l1.25-2 1.5 3.5L10 8h1.75",
  widgets: "M2.5 2.5h4.5v4.5H2.5zM9 9h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM11.25 2.25v5M8.75 4.75h5",
  data: "M2.5 4c0-1 2.5-1.75 5.5-1.75S13.5 3 13.5 4 11 5.75 8 5.75 2.5 5 2.5 4ZM2.5 4v8c0 1 2.5 1.75 5.5 1.75s5.5-.75 5.5-1.75V4M2.5 8c0 1 2.5 1.75 5.5 1.75S13.5 9 13.5 8",
  flag: "M4 14V2.5h8.5l-2 3 2 3H4",
  chart: "M2.5 12.5 6 8l2.5 2.5 5-6.5",
} as const;

export type IconName = keyof typeof PATHS;

/** A 16-pixel line icon in the colour of the text; decoration only, the words are beside it or in the button's label. */
export function Icon({ name }: { readonly name: IconName }) {
  const turns = name === "left" || name === "right";
  return (
    <svg
      className={turns ? "icon-image turns" : "icon-image"}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The mark: two waves of a mill race. */
export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <path
        d="M4 9.25c2.7-2.6 5.3-2.6 8 0s5.3 2.6 8 0M4 15.25c2.7-2.6 5.3-2.6 8 0s5.3 2.6 8 0"
        fill="none"
        stroke="var(--accent-ink)"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
