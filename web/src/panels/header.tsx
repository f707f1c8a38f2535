import { lazy, Suspense, useState } from "react";
import { Icon } from "../design/icon.tsx";
import { Segmented } from "../design/segmented.tsx";
import { t } from "../language/words.ts";
import { NavigationButton } from "../shell/navigation.tsx";
import { useOffer } from "../shell/actions.ts";
import { usePage } from "../state/page.tsx";
import type { BotsMode, Search } from "../state/search.ts";
import { FilterButton, FilterChips, type Edited } from "./filter-chips.tsx";
import { LiveCount } from "./live-count.tsx";
import { RangePicker } from "./range-picker.tsx";
import { StateChip } from "./state-chip.tsx";
import "./header.css";

const Segments = lazy(() => import("./segments.tsx"));

const BOTS: readonly { value: BotsMode; label: string }[] = [
  { value: "people", label: t("People") },
  { value: "all", label: t("All") },
  { value: "bots", label: t("Bots") },
];

const NEXT_THEME: Record<Search["theme"], Search["theme"]> = { auto: "light", light: "dark", dark: "auto" };
const THEME_WORDS = { auto: t("as the system"), light: t("light"), dark: t("dark") } as const;
const THEME_ICON = { auto: "auto", light: "sun", dark: "moon" } as const;

interface Props {
  /** Whether the page is about a range and filters, to be chosen here. */
  readonly ranged: boolean;
  readonly rangeOpen: boolean;
  readonly onRangeOpen: (open: boolean) => void;
  readonly onHelp: () => void;
}

/** What the whole page is about: project, live count, who counts, when, and the filters. Stays in view. */
export function Header({ ranged, rangeOpen, onRangeOpen, onHelp }: Props) {
  const { search, update } = usePage();
  const [edited, setEdited] = useState<Edited>();
  const [segments, setSegments] = useState(false);
  useOffer({
    ...(ranged && { addFilter: (field: string) => setEdited({ field, op: "is", values: [] }) }),
    showKeys: onHelp,
  });
  return (
    <header className="top">
      <div className={`top-row ${ranged ? "ranged" : ""}`}>
        <div className="top-name">
          <NavigationButton />
          <ProjectName />
          <LiveCount />
          <StateChip />
        </div>
        <div className="top-tools">
          {ranged && (
            <>
              <Segmented
                label={t("Who is counted")}
                options={BOTS}
                value={search.bots}
                onChange={(bots) => update({ bots })}
              />
              <span className="joined filter-tools">
                <FilterButton onEdit={setEdited} />
                <button
                  type="button"
                  className="button icon"
                  aria-haspopup="dialog"
                  aria-label={t("Segments")}
                  title={t("Segments: filters under a name")}
                  onClick={() => setSegments(true)}
                >
                  <Icon name="down" />
                </button>
              </span>
              <RangePicker open={rangeOpen} onOpen={onRangeOpen} />
            </>
          )}
          <span className="top-quiet">
            <button
              type="button"
              className="button quiet icon"
              aria-label={t("Theme: {theme}", { theme: THEME_WORDS[search.theme] })}
              title={t("Theme: {theme}", { theme: THEME_WORDS[search.theme] })}
              onClick={() => update({ theme: NEXT_THEME[search.theme] })}
            >
              <Icon name={THEME_ICON[search.theme]} />
            </button>
            <button
              type="button"
              className="button quiet icon"
              aria-label={t("Keyboard shortcuts")}
              title={t("Keys (?)")}
              onClick={onHelp}
            >
              <Icon name="help" />
            </button>
          </span>
        </div>
      </div>
      {ranged && <FilterChips edited={edited} onEdit={setEdited} />}
      {segments && (
        <Suspense>
          <Segments onClose={() => setSegments(false)} />
        </Suspense>
      )}
    </header>
  );
}

function ProjectName() {
  const { access, projects, update } = usePage();
  if (projects.length < 2) return <h1>{access.name}</h1>;
  return (
    <h1>
      <label>
        <span className="visually-hidden">{t("Project")}</span>
        <select
          className="button quiet"
          value={access.id}
          onChange={(event) => update({ project: event.target.value, filters: [], property: undefined })}
        >
          {projects.map((project) => (
            <option key={project.id} value={project.id}>
              {project.name}
            </option>
          ))}
        </select>
      </label>
    </h1>
  );
}
