import { Icon, Mark } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { keptBetweenPages } from "../state/search.ts";
import { LanguageChoice } from "./language-choice.tsx";
import { Link } from "./link.tsx";
import { usePath } from "./location.ts";
import { isFor, pageAt, PAGES } from "./pages.ts";
import { useReader } from "./reader.tsx";
import "./navigation.css";

const ID = "navigation";

const GROUPS = [
  { group: "look", label: t("Look") },
  { group: "ask", label: t("Ask") },
  { group: "manage", label: t("Manage") },
] as const;

/**
 * All pages, beside the open one where there is room, else behind a button (it is a popover then: Escape, a click elsewhere and the way
 * back of the focus are the browser's). A link keeps range and filters, and the key in the fragment.
 */
export function Navigation({ onSearch }: { readonly onSearch: () => void }) {
  const reader = useReader();
  const open = pageAt(usePath());
  return (
    <nav id={ID} className="navigation" aria-label={t("Pages")} popover="auto">
      <p className="navigation-mark">
        <Mark /> Millrace
      </p>
      <button
        type="button"
        className="button navigation-search"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => {
          document.getElementById(ID)?.hidePopover();
          onSearch();
        }}
      >
        <Icon name="explore" /> {t("Go to")}
        <kbd aria-hidden="true">{/Mac|iP(hone|ad)/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      {GROUPS.map(({ group, label }) => {
        const pages = PAGES.filter((page) => page.group === group && isFor(page, reader));
        return (
          pages.length > 0 && (
            <ul key={group} aria-label={label}>
              {pages.map((page) => (
                <li key={page.path}>
                  <Link
                    to={page.path}
                    search={keptBetweenPages}
                    hash
                    className="navigation-link"
                    aria-current={page.path === open.path ? "page" : undefined}
                    onClick={() => document.getElementById(ID)?.hidePopover()}
                  >
                    <Icon name={page.icon} />
                    {page.title}
                  </Link>
                </li>
              ))}
            </ul>
          )
        );
      })}
      <LanguageChoice />
    </nav>
  );
}

/** Opens the navigation where it has no room of its own. */
export function NavigationButton() {
  return (
    <button type="button" className="button quiet icon navigation-button" popoverTarget={ID} aria-label={t("Pages")}>
      <Icon name="menu" />
    </button>
  );
}
