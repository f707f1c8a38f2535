import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { readFragment, writeFragment } from "../api/fragment.ts";
import type { Access } from "../api/session.ts";
import { wearTheme } from "../design/theme.ts";
import { t } from "../language/words.ts";
import { session } from "../questions/project.ts";
import { go, useSearch } from "../shell/location.ts";
import { ReaderProvider, type Reader } from "../shell/reader.tsx";
import { Shell } from "../shell/shell.tsx";
import type { Search } from "../state/search.ts";
import { Failure } from "../panels/states.tsx";
import "./pages.css";

const SignIn = lazy(async () => ({ default: (await import("./sign-in.tsx")).SignIn }));

/** Finds out who is reading, then shows the pages: the server's own session, else a read key, else the sign-in. */
export function Entry({ children }: { readonly children: ReactNode }) {
  const search = useSearch();
  const [key, setKey] = useState(() => readFragment(location.hash));
  const known = useQuery({ ...session(), enabled: key === undefined });

  const reader = useMemo((): Reader | undefined => {
    const projects = key ? [ofKey(key)] : (known.data?.projects ?? []);
    const access = projects.find(({ id }) => id === search.project) ?? projects[0];
    if (!access) return undefined;
    const signOut = () => {
      history.replaceState(history.state, "", location.pathname + location.search);
      setKey(undefined);
    };
    const session = key ? undefined : (known.data ?? undefined);
    return { session, projects, access, search, update, onOther: key && signOut };
  }, [key, known.data, search]);

  useEffect(() => wearTheme(search.theme), [search.theme]);

  if (reader) {
    return (
      <ReaderProvider value={reader}>
        <Shell>{children}</Shell>
      </ReaderProvider>
    );
  }
  const loading = <div className="page-message" role="status" aria-label={t("Loading")} />;
  if (known.isPending) return loading;
  if (known.isError) {
    return (
      <main className="page-message">
        <Failure error={known.error} onRetry={() => void known.refetch()} />
      </main>
    );
  }
  return (
    <Suspense fallback={loading}>
      <SignIn
        onSignIn={(entered) => {
          history.replaceState(history.state, "", `#${writeFragment(entered.project, entered.key)}`);
          setKey(entered);
        }}
      />
    </Suspense>
  );
}

/** The name comes with the project's first answer. */
function ofKey({ project, key }: { project: string; key: string }): Access {
  return { id: project, name: project, readKey: key };
}

/** Of the page that is open. The fragment stays: it may hold the key. */
function update(patch: Partial<Search>): void {
  go({ search: (now) => ({ ...now, ...patch }), hash: true });
}
