import { useQuery } from "@tanstack/react-query";
import type { EmbedAnswer } from "@millrace/client";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { OpenProject, Schema } from "../api/session.ts";
import { locale, t } from "../language/words.ts";
import { useOpened } from "../pages/use-opened.ts";
import { FilterButton, FilterChips, type Edited } from "../panels/filter-chips.tsx";
import { RangePicker } from "../panels/range-picker.tsx";
import { Failure } from "../panels/states.tsx";
import { PageProvider } from "../state/page.tsx";
import { parseSearch, type Search } from "../state/search.ts";
import { descriptionOf } from "./description.ts";
import { Export } from "./export.tsx";
import type { Host } from "./host.ts";
import { EmbedPanels } from "./panels.tsx";
import { asksForPassword, Password } from "./password.tsx";
import { Reports } from "./reports.tsx";
import type { Start } from "./start.ts";
import { useLook } from "./look.ts";
import { useRefresh } from "./refresh.ts";
import { useToken } from "./token.ts";
import "./embed.css";

const MoreDialog = lazy(() => import("../panels/more-dialog.tsx"));

interface Props {
  readonly start: Start;
  readonly host: Host;
}

/** A customer's usage in the page of whoever serves them: what the token lets see, and the ways to look at it. */
export function Embed({ start: given, host }: Props) {
  const [start, setStart] = useState(given);
  // Anew with another key: what was refused without the password is not asked again and again.
  return <Opened key={start.token} start={start} host={host} onOpen={(token) => setStart({ ...start, token })} />;
}

function Opened({ start, host, onOpen }: Props & { readonly onOpen: (key: string) => void }) {
  const [token, endsAt] = useToken(start.token, host);
  const access = useMemo(() => ({ id: start.project, name: "", readKey: token }), [start.project, token]);
  const description = useQuery(descriptionOf(access));
  const { data } = description;
  const root = useHeight(host);
  useEffect(() => {
    if (data && !description.isPlaceholderData) endsAt(Date.parse(data.expires_at));
  }, [data, description.isPlaceholderData, endsAt]);
  const opened = useMemo(() => data && { ...access, timezone: data.timezone, schema: schemaIn(data) }, [access, data]);
  return (
    <div ref={root} className="embed">
      {asksForPassword(description.error) ? (
        <Password start={start} onOpen={onOpen} />
      ) : description.isError && !data ? (
        <Failure error={description.error} onRetry={() => void description.refetch()} />
      ) : data && opened ? (
        <Described access={opened} description={data} />
      ) : (
        <p className="page-message" role="status" aria-label={t("Loading")} />
      )}
    </div>
  );
}

interface DescribedProps {
  readonly access: OpenProject;
  readonly description: EmbedAnswer;
}

function Described({ access, description }: DescribedProps) {
  const [search, setSearch] = useState(() => parseSearch(location.search));
  const update = useCallback((patch: Partial<Search>) => setSearch((old) => ({ ...old, ...patch })), []);
  const { collections, theme, accent } = description;
  const properties = useMemo(() => new Set(description.properties), [description.properties]);
  const { shown: page } = useOpened({ access, collections, projects: NONE, search, update, locale, properties });
  const [rangeOpen, setRangeOpen] = useState(false);
  const [edited, setEdited] = useState<Edited>();
  useLook({ theme, accent });
  useRefresh(page?.period);
  if (!page) return <p className="page-message" role="status" aria-label={t("Loading")} />;
  return (
    <PageProvider value={page}>
      <header className="embed-head">
        <FilterChips edited={edited} onEdit={setEdited} />
        <div className="embed-tools">
          <FilterButton onEdit={setEdited} />
          {description.operations.includes("reports") && <Reports access={access} />}
          {description.operations.includes("export") && <Export properties={description.properties} />}
          <RangePicker open={rangeOpen} onOpen={setRangeOpen} />
        </div>
      </header>
      <EmbedPanels description={description} only={new URLSearchParams(location.search).get("panel")} />
      {page.search.more !== undefined && (
        <Suspense>
          <MoreDialog />
        </Suspense>
      )}
    </PageProvider>
  );
}

const NONE: readonly never[] = [];

/** Whose types the token does not know: as text each can be listed and filtered. */
function schemaIn({ collections, properties }: EmbedAnswer): Schema {
  const own = properties.filter((name) => !name.startsWith("$") && !name.startsWith("keen."));
  return new Map(collections.map((name) => [name, own.map((each) => ({ name: each, type: "string" }))]));
}

/** Tells the host how high the content is, whenever that changes. */
function useHeight(host: Host) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => host.fit(element.getBoundingClientRect().height));
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return root;
}
