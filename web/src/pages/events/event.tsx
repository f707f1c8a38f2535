import { useQuery } from "@tanstack/react-query";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { ENGAGEMENT } from "../../questions/ask.ts";
import { eventsWith, acceptedAtOf, happenedAt, idOf, type StoredEvent } from "../../questions/events.ts";
import { Link } from "../../shell/link.tsx";
import { useParameter } from "../../shell/location.ts";
import { useReader } from "../../shell/reader.tsx";
import { Section } from "../../shell/section.tsx";
import { fieldOf, fieldsOf, filterable, isStandard, type EventField } from "../../state/event-fields.ts";
import { isFilter, type PageFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import { EventTable, valueText } from "./event-table.tsx";
import { Facts } from "./facts.tsx";

/** Events of a visit that are listed. */
const OF_A_VISIT = 200;

/** One event: all that is known of it, what else happened in its visit, and who stored it. */
export function OneEvent() {
  const { access, collections } = usePage();
  const id = useParameter("event");
  const found = useQuery(eventsWith(access, collections, "keen.id", id, 1));
  return (
    <>
      <p>
        <Link to="/events" search={keptBetweenPages} hash>
          {t("All events")}
        </Link>
      </p>
      <Asked query={found} rows={10}>
        {([event]) =>
          event ? <Shown event={event} /> : <Nothing>{t("There is no such event here, or it was deleted.")}</Nothing>
        }
      </Asked>
    </>
  );
}

function Shown({ event }: { readonly event: StoredEvent }) {
  const { access, locale, names } = usePage();
  const fields = fieldsOf(event);
  const own = fields.filter(({ name }) => !isStandard(name));
  const found = fields.filter(({ name }) => isStandard(name) && !STORING.has(name));
  const collection = fieldOf(event, "$collection");
  const name = valueText(names, "$collection", collection);
  // The list holds time on pages where it is asked for alone.
  const kind = collection === ENGAGEMENT ? [isFilter("$collection", ENGAGEMENT)] : [];
  return (
    <div className="event-columns">
      <div className="sections">
        <Section title={name} about={momentText(locale, access.timezone, happenedAt(event))}>
          {own.length > 0 ? (
            <Fields fields={own} kind={kind} />
          ) : (
            <Nothing>{t("It was sent without properties of its own.")}</Nothing>
          )}
        </Section>
        <Section title={t("What we found out")}>
          <Fields fields={found} kind={kind} />
        </Section>
      </div>
      <div className="sections">
        <Stored event={event} />
        <Visit event={event} />
      </div>
    </div>
  );
}

const STORING: ReadonlySet<string> = new Set(["keen.created_at", "$execution.ingest", "$execution.collector"]);

interface FieldsProps {
  readonly fields: readonly EventField[];
  /** Of which events the others are. */
  readonly kind: readonly PageFilter[];
}

/** Values, each with the way to the events of the range that have the same. */
function Fields({ fields, kind }: FieldsProps) {
  const { names } = usePage();
  return (
    <Facts
      facts={fields.map(({ name, value }) => {
        const plain = filterable(value);
        const text = valueText(names, name, value);
        return {
          name,
          value:
            plain === undefined || name.startsWith("keen.") ? (
              text
            ) : (
              <Link
                to="/events"
                search={(search) => ({
                  ...keptBetweenPages(search),
                  filters: [...kind.filter(({ field }) => field !== name), isFilter(name, plain)],
                })}
                hash
                title={t("Events with this {name}", { name })}
              >
                {text}
              </Link>
            ),
        };
      })}
    />
  );
}

/** When it was accepted, and the executions that did it. */
function Stored({ event }: { readonly event: StoredEvent }) {
  const { access, locale } = usePage();
  return (
    <Section title={t("How it got here")}>
      <Facts
        facts={[
          { name: t("Accepted"), value: momentText(locale, access.timezone, acceptedAtOf(event)) },
          { name: t("Accepted by"), value: <Execution id={fieldOf(event, "$execution.ingest")} /> },
          { name: t("Stored by"), value: <Execution id={fieldOf(event, "$execution.collector")} /> },
        ]}
      />
    </Section>
  );
}

/** An execution by its id; who runs the installation can open it. */
function Execution({ id }: { readonly id: unknown }) {
  const { session } = useReader();
  if (typeof id !== "string") return "unknown";
  if (session?.person.operates !== true) return <code>{id}</code>;
  return (
    <Link to={`/operations/executions/${encodeURIComponent(id)}`} search={keptBetweenPages} hash>
      <code>{id}</code>
    </Link>
  );
}

function Visit({ event }: { readonly event: StoredEvent }) {
  const page = usePage();
  const visit = fieldOf(event, "$visit.id");
  const id = typeof visit === "string" ? visit : "";
  const events = useQuery(eventsWith(page.access, page.collections, "$visit.id", id, OF_A_VISIT));
  return (
    <Section title={t("Its visit")} about={id === "" ? undefined : t("What happened in it, from its beginning.")}>
      {id === "" ? (
        <Nothing>{t("It belongs to no visit.")}</Nothing>
      ) : (
        <Asked query={events}>
          {(found) => (
            <>
              <EventTable
                label={t("Events of the visit")}
                events={found.toReversed()}
                columns={["$page.path"]}
                page={page}
                current={idOf(event)}
              />
              <p className="section-note">
                <Link to={`/visits/${encodeURIComponent(id)}`} search={keptBetweenPages} hash>
                  {t("The whole visit")}
                </Link>
              </p>
            </>
          )}
        </Asked>
      )}
    </Section>
  );
}
