import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import type { Access } from "../api/session.ts";
import { Failure } from "../panels/states.tsx";
import { projectOf, type ProjectInfo } from "../questions/project.ts";
import { PageProvider } from "../state/page.tsx";
import type { Search } from "../state/search.ts";
import { Dashboard } from "./dashboard.tsx";
import { useOpened } from "./use-opened.ts";
import { Waiting } from "./waiting.tsx";
import "./pages.css";

interface Props {
  readonly projects: readonly Access[];
  readonly search: Search;
  readonly update: (patch: Partial<Search>) => void;
  /** Goes back to the sign-in; absent when the server itself said who is reading. */
  readonly onOther?: (() => void) | undefined;
}

/** One project: waits for its first event, then opens the dashboard. */
export function Project({ projects, search, update, onOther }: Props) {
  const access = projects.find((p) => p.id === search.project) ?? projects[0];
  return access ? (
    <Loaded access={access} projects={projects} search={search} update={update} onOther={onOther} />
  ) : null;
}

function Loaded({ access, projects, search, update, onOther }: Props & { readonly access: Access }) {
  const project = useQuery(projectOf(access));
  if (project.isPending) return <Wait words="Opening the project …" />;
  if (!project.data) {
    return (
      <Failed error={project.error} onRetry={() => void project.refetch()}>
        {onOther && (
          <button type="button" className="button quiet" onClick={onOther}>
            Use another key
          </button>
        )}
      </Failed>
    );
  }
  if (project.data.collections.length === 0) return <Waiting access={access} />;
  return <Opened access={access} info={project.data} projects={projects} search={search} update={update} />;
}

interface OpenedProps {
  readonly access: Access;
  readonly info: ProjectInfo;
  readonly projects: readonly Access[];
  readonly search: Search;
  readonly update: (patch: Partial<Search>) => void;
}

/** Turns the address into the question that the page asks. */
function Opened({ access: given, info, projects, search, update }: OpenedProps) {
  const { name, timezone, collections } = info;
  const access = useMemo(() => ({ ...given, name, timezone }), [given, name, timezone]);
  const locale = navigator.language;
  const { shown, bounds } = useOpened({ access, collections, projects, search, update, locale });

  if (!shown && bounds.isError) return <Failed error={bounds.error} onRetry={() => void bounds.refetch()} />;
  if (!shown) return <Wait words="Looking for the first event …" />;
  return (
    <PageProvider value={shown}>
      <Dashboard />
    </PageProvider>
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
      <div>
        <Failure error={error} onRetry={onRetry} />
        {children}
      </div>
    </main>
  );
}
