import { Suspense, useMemo } from "react";
import { t } from "./language/words.ts";
import { Boundary } from "./panels/boundary.tsx";
import { Dashboard } from "./pages/dashboard.tsx";
import { Entry } from "./pages/entry.tsx";
import { LAZY_PAGES, loadPage, route, type Route } from "./pages/lazy-pages.ts";
import { Project } from "./pages/project.tsx";
import { Link } from "./shell/link.tsx";
import { AddressProvider, ParametersProvider, useAddress } from "./shell/location.ts";
import { PageHead } from "./shell/page-head.tsx";
import { PreloadProvider } from "./shell/preload.ts";

/** What nearly everybody opens first, so that its code is there at once. */
const ROUTES: readonly Route[] = [route("/", "project", Dashboard), ...LAZY_PAGES, route("*", "shell", Nowhere)];

/** The page of the address, and what is around it: who is reading, the navigation, the project. */
export function Router() {
  const address = useAddress();
  const { path } = address;
  const page = useMemo(() => {
    const found = ROUTES.find(({ pattern }) => pattern.test(path));
    return found && <Around route={found} parameters={partsOf(found, path)} />;
  }, [path]);
  return <AddressProvider value={address}>{page}</AddressProvider>;
}

/** An address that leads to no page: the navigation leads on. */
function Nowhere() {
  return (
    <>
      <PageHead title={t("There is nothing here.")} />
      <main className="page-message">
        <Link to="/" hash>
          {t("Overview")}
        </Link>
      </main>
    </>
  );
}

interface AroundProps {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

function Around({ route: { around, Page }, parameters }: AroundProps) {
  const page = (
    <ParametersProvider value={parameters}>
      <Page />
    </ParametersProvider>
  );
  return (
    <Boundary>
      <PreloadProvider value={preload}>
        {around === "nothing" ? (
          <Suspense>{page}</Suspense>
        ) : (
          <Entry>{around === "project" ? <Project>{page}</Project> : page}</Entry>
        )}
      </PreloadProvider>
    </Boundary>
  );
}

const preload = (path: string): void => void loadPage(path);

function partsOf({ pattern, names }: Route, path: string): Readonly<Record<string, string>> {
  const parts = pattern.exec(path) ?? [];
  return Object.fromEntries(names.map((name, i) => [name, decoded(parts[i + 1] ?? "")]));
}

/** What somebody typed may be no encoding of anything: then it names nothing that there is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
