import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState, type ReactNode } from "react";
import type { Access } from "../api/session.ts";
import { locale, t } from "../language/words.ts";
import { Header } from "../panels/header.tsx";
import { Outage } from "../panels/outage.tsx";
import { Failure } from "../panels/states.tsx";
import { useRenewal } from "../panels/use-renewal.ts";
import { projectOf, type ProjectInfo } from "../questions/project.ts";
import { usePath } from "../shell/location.ts";
import { NavigationButton } from "../shell/navigation.tsx";
import { pageAt } from "../shell/pages.ts";
import { useReader } from "../shell/reader.tsx";
import { PageProvider } from "../state/page.tsx";
import { usePageKeys } from "../state/page-keys.ts";
import { useOpened } from "./use-opened.ts";
import "./pages.css";

const Help = lazy(async () => ({ default: (await import("../panels/help.tsx")).Help }));
const Waiting = lazy(async () => ({ default: (await import("./waiting.tsx")).Waiting }));

/** One project: waits for its first event, then opens its pages. */
export function Project({ children }: { readonly children: ReactNode }) {
  const { access, onOther } = useReader();
  const project = useQuery(projectOf(access));
  if (project.isPending) return <Wait words={t("Opening the project …")} />;
  if (!project.data) {
    return (
      <Failed error={project.error} onRetry={() => void project.refetch()}>
        {onOther && (
          <button type="button" className="button quiet" onClick={onOther}>
            {t("Use another key")}
          </button>
        )}
      </Failed>
    );
  }
  if (project.data.collections.length === 0) {
    return (
      <Suspense>
        <Waiting access={access} />
      </Suspense>
    );
  }
  return (
    <Opened key={access.id} access={access} info={project.data}>
      {children}
    </Opened>
  );
}

interface OpenedProps {
  readonly access: Access;
  readonly info: ProjectInfo;
  readonly children: ReactNode;
}

/** Turns the address into the question that the page asks. */
function Opened({ access: given, info, children }: OpenedProps) {
  const { projects, search, update } = useReader();
  const { name, timezone, collections } = info;
  const access = useMemo(() => ({ ...given, name, timezone }), [given, name, timezone]);
  const { about } = pageAt(usePath());
  const { shown, bounds } = useOpened({ access, collections, projects, search, update, locale, about });

  if (!shown && bounds.isError) return <Failed error={bounds.error} onRetry={() => void bounds.refetch()} />;
  if (!shown) return <Wait words={t("Looking for the first event …")} />;
  return (
    <PageProvider value={shown}>
      <Frame ranged={about === "period"}>{children}</Frame>
    </PageProvider>
  );
}

/** What the pages of a project share: the head, the keys and the heartbeat. */
function Frame({ ranged, children }: { readonly ranged: boolean; readonly children: ReactNode }) {
  const [rangeOpen, setRangeOpen] = useState(false);
  const [help, setHelp] = useState(false);
  usePageKeys({ ranged, openRange: () => setRangeOpen(true), openHelp: () => setHelp(true) });
  useRenewal();
  return (
    <>
      <Header ranged={ranged} rangeOpen={rangeOpen} onRangeOpen={setRangeOpen} onHelp={() => setHelp(true)} />
      <main className="dashboard">
        <Outage />
        {children}
      </main>
      {help && (
        <Suspense>
          <Help onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </>
  );
}

function Wait({ words }: { readonly words: string }) {
  return (
    <p className="page-message" role="status">
      {words}
    </p>
  );
}

interface FailedProps {
  readonly error: Error;
  readonly onRetry: () => void;
  readonly children?: ReactNode;
}

function Failed({ error, onRetry, children }: FailedProps) {
  return (
    <main className="page-message">
      <NavigationButton />
      <div>
        <Failure error={error} onRetry={onRetry} />
        {children}
      </div>
    </main>
  );
}
