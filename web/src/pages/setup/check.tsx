import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { installsOf, type Install } from "../../questions/installs.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { pageToCheck } from "../../state/script-tag.ts";
import { Problem } from "../settings/form.tsx";

/** How long a page view is waited for: one that is recorded at all is here within seconds. */
const PATIENCE_MS = 60_000;

/** A page that was opened from here to see whether it records. */
interface Watch {
  readonly host: string;
  /** Page views that its host had by then. */
  readonly before: number;
  readonly isOver: boolean;
}

/** Where the script records, and whether it does on a page of the reader's choice. */
export function Check() {
  const { access, collections } = usePage();
  const [watch, setWatch] = useState<Watch>();
  const query = useQuery(installsOf(access, collections, watch !== undefined && !watch.isOver));
  const viewsOf = (host: string) => query.data?.find((each) => each.host === host)?.today ?? 0;
  const isHere = watch !== undefined && viewsOf(watch.host) > watch.before;
  useEffect(() => {
    if (watch === undefined || watch.isOver) return;
    const timer = setTimeout(() => setWatch({ ...watch, isOver: true }), isHere ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [watch, isHere]);
  return (
    <Section
      title={t("Does it record?")}
      about={t("Hosts whose pages recorded something in the last seven days, bots included.")}
    >
      <CheckForm onOpen={(host) => setWatch({ host, before: viewsOf(host), isOver: false })} />
      <p className="setup-watch" role="status">
        {watch && <Outcome watch={watch} isHere={isHere} />}
      </p>
      <Asked query={query} rows={2}>
        {(installs) =>
          installs.length === 0 ? (
            <Nothing>{t("No page has recorded anything.")}</Nothing>
          ) : (
            <Installs rows={installs} />
          )
        }
      </Asked>
    </Section>
  );
}

function CheckForm({ onOpen }: { readonly onOpen: (host: string) => void }) {
  const [typed, setTyped] = useState("");
  const [isWrong, setWrong] = useState(false);
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    const page = pageToCheck(typed);
    setWrong(page === undefined);
    if (!page) return;
    onOpen(page.host);
    window.open(page, "_blank", "noopener");
  };
  return (
    <form className="setup-add" onSubmit={submit}>
      <label className="field">
        {t("A page of yours")}
        <input
          type="text"
          inputMode="url"
          autoComplete="url"
          placeholder="https://shop.example/"
          value={typed}
          required
          aria-invalid={isWrong}
          onChange={(event) => {
            setTyped(event.target.value);
            setWrong(false);
          }}
        />
      </label>
      <button type="submit" className="button primary">
        {t("Open it and wait")}
      </button>
      <Problem message={isWrong ? t("That is no address of a page: https://shop.example/ is one.") : undefined} />
    </form>
  );
}

function Outcome({ watch: { host, isOver }, isHere }: { readonly watch: Watch; readonly isHere: boolean }) {
  if (isHere) return <span className="badge ok">{t("{host} records: its page view is here.", { host })}</span>;
  if (!isOver) {
    return (
      <>
        <span className="pulse" aria-hidden="true" /> {t("Waiting for a page view of {host} …", { host })}
      </>
    );
  }
  return t(
    "No page view of {host} came within a minute. Is the tag in the page's head, with this project's write key? Is its origin one of those that may record (Settings)? The page's console says more with t.debug.js, and blockers stop what they know.",
    { host },
  );
}

function Installs({ rows }: { readonly rows: readonly Install[] }) {
  const { numbers, names } = usePage();
  const columns: Column<Install>[] = [
    { label: t("Host"), cell: ({ host }) => names("$page.host", host) },
    {
      label: t("State"),
      cell: ({ isAwake }) =>
        isAwake ? (
          <span className="badge ok">{t("Records")}</span>
        ) : (
          <span className="badge warn">{t("Silent for a day")}</span>
        ),
    },
    { label: t("Views, 24 hours"), number: true, cell: ({ today }) => numbers.count(today) },
    { label: t("Views, 7 days"), number: true, cell: ({ week }) => numbers.count(week) },
    { label: t("Also records"), cell: ({ others }) => others.join(", ") },
  ];
  return <DataTable label={t("Hosts that record")} columns={columns} rows={rows} keyOf={({ host }) => host} />;
}
