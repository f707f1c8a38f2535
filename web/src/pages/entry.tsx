import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readFragment, writeFragment, type Access } from "../api/session.ts";
import { session } from "../questions/project.ts";
import type { Search } from "../state/search.ts";
import { Failure } from "../panels/states.tsx";
import { Project } from "./project.tsx";
import { SignIn } from "./sign-in.tsx";

/** Finds out who is reading, then shows a project: the server's own session, else a read key, else the sign-in. */
export function Entry() {
  const search = useSearch({ from: "/" });
  const update = useUpdate();
  const [key, setKey] = useState(() => readFragment(location.hash));
  const known = useQuery({ ...session(), enabled: key === undefined });

  const projects = useMemo(() => key && [ofKey(key)], [key]);
  const signOut = () => {
    history.replaceState(history.state, "", location.pathname + location.search);
    setKey(undefined);
  };

  useEffect(() => {
    if (search.theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = search.theme;
  }, [search.theme]);

  if (projects) return <Project projects={projects} search={search} update={update} onOther={signOut} />;
  if (known.isPending) return <div className="page-message" role="status" aria-label="Loading" />;
  if (known.isError) {
    return (
      <main className="page-message">
        <Failure error={known.error} onRetry={() => void known.refetch()} />
      </main>
    );
  }
  if (known.data && known.data.projects.length > 0) {
    return <Project projects={known.data.projects} search={search} update={update} />;
  }
  return (
    <SignIn
      onSignIn={(entered) => {
        history.replaceState(history.state, "", `#${writeFragment(entered.project, entered.key)}`);
        setKey(entered);
      }}
    />
  );
}

/** The name comes with the project's first answer. */
function ofKey({ project, key }: { project: string; key: string }): Access {
  return { id: project, name: project, readKey: key };
}

function useUpdate(): (patch: Partial<Search>) => void {
  const navigate = useNavigate();
  return useCallback(
    (patch) => {
      // The fragment stays: it may hold the key.
      void navigate({ to: "/", search: (old) => ({ ...old, ...patch }) as Search, hash: true, resetScroll: false });
    },
    [navigate],
  );
}
