import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { t } from "../language/words.ts";
import { Boundary } from "../panels/boundary.tsx";
import { createOffers, OffersProvider } from "./actions.ts";
import { usePath } from "./location.ts";
import { Navigation } from "./navigation.tsx";
import { pageAt } from "./pages.ts";
import { useReader } from "./reader.tsx";
import "./shell.css";

const Palette = lazy(() => import("./palette/palette.tsx"));

/** The pages and what is around each of them. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { access } = useReader();
  const { path, title, about } = pageAt(usePath());
  const [offers] = useState(createOffers);
  const [searching, setSearching] = useState(false);
  usePaletteKey(() => setSearching(true));
  useEffect(() => {
    const parts = [path !== "/" && title, about !== "none" && access.name, "Millrace"];
    document.title = parts.filter(Boolean).join(" · ");
  }, [path, title, about, access.name]);
  return (
    <OffersProvider value={offers}>
      <div className="shell">
        {/* No link: the fragment that it would set may hold the key. */}
        <button type="button" className="button skip" onClick={focusContent}>
          {t("Skip to the content")}
        </button>
        <Navigation onSearch={() => setSearching(true)} />
        <div className="shell-page">
          <Boundary key={path}>
            <Suspense fallback={<p className="page-message" role="status" aria-label={t("Loading")} />}>
              {children}
            </Suspense>
          </Boundary>
        </div>
        <p className="visually-hidden" role="status">
          {title}
        </p>
        {searching && (
          // Open already: what is typed until its code is there is no key for the page.
          <Suspense fallback={<dialog open className="visually-hidden" aria-label={t("Loading")} />}>
            <Palette onClose={() => setSearching(false)} />
          </Suspense>
        )}
      </div>
    </OffersProvider>
  );
}

/** Ctrl+K, or Cmd+K on a Mac, wherever the focus is; not over another dialog. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      open();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}

function focusContent(): void {
  const main = document.querySelector("main");
  if (!main) return;
  main.tabIndex = -1;
  main.focus();
}
