import { useQuery } from "@tanstack/react-query";
import { boardOf } from "../../asking/board.ts";
import { definitionsOf, mayDefine } from "../../asking/definitions.ts";
import { goalOf } from "../../asking/goals.ts";
import { segmentOf, toggleSegment } from "../../asking/segments.ts";
import { savedOf } from "../../asking/saved.ts";
import { writeSpec } from "../../asking/spec.ts";
import { LANGUAGES } from "../../language/languages.ts";
import { switchLanguage } from "../../language/start.ts";
import { inSentence, language, t } from "../../language/words.ts";
import { BOARDS } from "../../pages/boards/spec.ts";
import { COMPARISONS } from "../../state/compare.ts";
import { PROPERTIES } from "../../state/dimensions.ts";
import { RANGES } from "../../state/ranges.ts";
import { BOTS_MODES, keptBetweenPages, parseSearch, type Search } from "../../state/search.ts";
import { usePageActions } from "../actions.ts";
import { go as goTo, usePath } from "../location.ts";
import { isFor, pageAt, PAGES } from "../pages.ts";
import { useReader } from "../reader.tsx";
import type { Command } from "./command.ts";

const BOTS = { people: t("Count people"), all: t("Count people and bots"), bots: t("Count bots only") } as const;
const THEMES = [
  { theme: "auto", label: t("Theme of the system") },
  { theme: "light", label: t("Light theme") },
  { theme: "dark", label: t("Dark theme") },
] as const;

/** Everything that can be gone to or done from where the reader is, in the order in which it is listed. */
export function useCommands(): readonly Command[] {
  const reader = useReader();
  const { search, update, access, projects } = reader;
  const isRanged = pageAt(usePath()).about === "period";
  const { addFilter, showKeys } = usePageActions();
  // The fragment goes along: it may hold the key.
  const go = (to: string, there: Partial<Search> = {}) =>
    goTo({ to, search: { ...keptBetweenPages(search), ...there }, hash: true });
  /** On the page that is open if it is about a range, else on the overview. */
  const show = (patch: Partial<Search>) => (isRanged ? update(patch) : go("/", patch));

  const pages = PAGES.filter((page) => isFor(page, reader)).map(({ path, title }) => ({
    id: path,
    group: t("Page"),
    label: title,
    run: () => go(path),
  }));
  const others = projects
    .filter(({ id }) => id !== access.id)
    .map(({ id, name }) => ({
      id: `project ${id}`,
      group: t("Project"),
      label: name,
      run: () => go("/", { project: id, filters: [] }),
    }));
  const ranges = RANGES.filter(({ name }) => name !== "custom").map(({ name, label, key }) => ({
    id: `range ${name}`,
    group: t("Range"),
    label,
    hint: key,
    run: () => show({ range: name, from: undefined, to: undefined, by: undefined }),
  }));
  const comparisons = COMPARISONS.map(({ name, label }) => ({
    id: `compare ${name}`,
    group: t("Compared with"),
    label,
    run: () => show({ compare: name }),
  }));
  const filters = addFilter
    ? PROPERTIES.map(({ field, label }) => ({
        id: `filter ${field}`,
        group: t("Filter"),
        label: t("Filter by {label}", { label: inSentence(label) }),
        run: () => addFilter(field),
      }))
    : [];
  const counted = isRanged
    ? BOTS_MODES.map((bots) => ({
        id: `bots ${bots}`,
        group: t("View"),
        label: BOTS[bots],
        run: () => update({ bots }),
      }))
    : [];
  const themes = THEMES.map(({ theme, label }) => ({
    id: `theme ${theme}`,
    group: t("View"),
    label,
    run: () => update({ theme }),
  }));
  const languages = LANGUAGES.filter(({ code }) => code !== language.code).map(({ code, name }) => ({
    id: `language ${code}`,
    group: t("Language"),
    label: name,
    run: () => switchLanguage(code),
  }));
  const keys = showKeys
    ? [{ id: "keys", group: t("View"), label: t("Keyboard shortcuts"), hint: "?", run: showKeys }]
    : [];
  return [
    ...pages,
    ...others,
    ...useSaved(go, show),
    ...ranges,
    ...comparisons,
    ...filters,
    ...counted,
    ...themes,
    ...languages,
    ...keys,
  ];
}

/** What people of the project have put under a name. */
function useSaved(
  go: (to: string, there: Partial<Search>) => void,
  show: (patch: Partial<Search>) => void,
): readonly Command[] {
  const { access, search } = useReader();
  const boards = useQuery(definitionsOf(access, "boards")).data ?? [];
  const goals = useQuery(definitionsOf(access, "goals")).data ?? [];
  const segments = useQuery(definitionsOf(access, "segments")).data ?? [];
  const questions = useQuery({ ...savedOf(access), enabled: mayDefine(access) }).data ?? [];
  return [
    ...boards.map(boardOf).map(({ name, title }) => ({
      id: `board ${name}`,
      group: t("Board"),
      label: title,
      run: () => go("/boards", { q: writeSpec({ board: name }, BOARDS.defaults) }),
    })),
    ...questions.map(({ name, title, page, address }) => ({
      id: `question ${name}`,
      group: t("Saved question"),
      label: title,
      run: () => go(`/${page}`, { ...parseSearch(address), project: search.project, theme: search.theme }),
    })),
    ...segments.map(segmentOf).map((segment) => ({
      id: `segment ${segment.name}`,
      group: t("Segment"),
      label: segment.title,
      run: () => show({ filters: toggleSegment(segment, search.filters) }),
    })),
    ...goals.map(goalOf).map(({ name, title }) => ({
      id: `goal ${name}`,
      group: t("Conversion to"),
      label: title,
      run: () => go("/", { goal: name }),
    })),
  ];
}
