import { Suspense, useEffect, type ReactNode } from "react";
import { Boundary } from "../panels/boundary.tsx";
import { usePath } from "./location.ts";
import { Navigation } from "./navigation.tsx";
import { pageAt } from "./pages.ts";
import { useReader } from "./reader.tsx";
import "./shell.css";

/** The pages and what is around each of them. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { access } = useReader();
  const { path, title, about } = pageAt(usePath());
  useEffect(() => {
    const parts = [path !== "/" && title, about !== "none" && access.name, "Millrace"];
    document.title = parts.filter(Boolean).join(" · ");
  }, [path, title, about, access.name]);
  return (
    <div className="shell">
      {/* No link: the fragment that it would set may hold the key. */}
      <button type="button" className="button skip" onClick={focusContent}>
        Skip to the content
      </button>
      <Navigation />
      <div className="shell-page">
        <Boundary key={path}>
          <Suspense fallback={<p className="page-message" role="status" aria-label="Loading" />}>{children}</Suspense>
        </Boundary>
      </div>
      <p className="visually-hidden" role="status">
        {title}
      </p>
    </div>
  );
}

function focusContent(): void {
  const main = document.querySelector("main");
  if (!main) return;
  main.tabIndex = -1;
  main.focus();
}
