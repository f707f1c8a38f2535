import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DataTable, type Column } from "../../design/data-table.tsx";
import { momentText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { collectionsOf, COUNTED_DAYS, quotaOf, type CollectionFacts } from "../../questions/catalogue.ts";
import { happenedAt } from "../../questions/events.ts";
import { schemaOf, type OwnProperty } from "../../questions/project.ts";
import { Link } from "../../shell/link.tsx";
import { Section } from "../../shell/section.tsx";
import { fieldOf } from "../../state/event-fields.ts";
import { isFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { keptBetweenPages } from "../../state/search.ts";
import { valueText } from "../events/event-table.tsx";

/** Keen's names of types, in words. */
const TYPES: Readonly<Record<string, string>> = {
  string: t("text"),
  num: t("number"),
  bool: t("true/false"),
  array: t("list"),
  null: t("nothing so far"),
};

/** The collections, and the properties of the one that is chosen. */
export function Catalogue() {
  const { access, collections, locale, numbers } = usePage();
  const facts = useQuery(collectionsOf(access, collections));
  const schema = useQuery(schemaOf(access));
  const [chosen, setChosen] = useState<string>();
  const columns: Column<CollectionFacts>[] = [
    {
      label: t("Collection"),
      cell: ({ name }) => (
        <button type="button" className="link" aria-expanded={name === chosen} onClick={() => setChosen(name)}>
          {name}
        </button>
      ),
    },
    { label: t("Properties"), number: true, cell: ({ name }) => numbers.count(schema.data?.get(name)?.length ?? 0) },
    {
      label: t("Events, {days} days", { days: COUNTED_DAYS }),
      number: true,
      cell: ({ count }) => numbers.count(count),
    },
    {
      label: t("Latest event"),
      cell: ({ latest }) => (latest ? momentText(locale, access.timezone, happenedAt(latest)) : "–"),
    },
    { label: t("Behind it"), cell: ({ name }) => <ToEvents collection={name} /> },
  ];
  const found = facts.data?.find(({ name }) => name === chosen);
  return (
    <>
      <Section title={t("Collections")} about={<Quota />}>
        <Asked query={facts}>
          {(rows) => (
            <DataTable
              label={t("Collections")}
              columns={columns}
              rows={rows}
              keyOf={({ name }) => name}
              current={chosen}
            />
          )}
        </Asked>
      </Section>
      {found && <Properties facts={found} properties={schema.data?.get(found.name) ?? []} />}
    </>
  );
}

function Quota() {
  const { access, numbers } = usePage();
  const { data } = useQuery(quotaOf(access));
  if (!data) return null;
  return (
    <>
      {t("{used} of {limit} names of properties that this project can filter and group by are in use.", {
        used: numbers.count(data.used),
        limit: numbers.count(data.limit),
      })}
      {data.refused_in.length > 0 && (
        <>
          {" "}
          {t("There was no room for names in {collections}: those can be filtered by equality only.", {
            collections: data.refused_in.join(", "),
          })}
        </>
      )}
    </>
  );
}

function ToEvents({ collection }: { readonly collection: string }) {
  return (
    <Link
      to="/events"
      search={(search) => ({ ...keptBetweenPages(search), filters: [isFilter("$collection", collection)] })}
      hash
    >
      {t("Events")}
      <span className="visually-hidden"> {t("of {list}", { list: collection })}</span>
    </Link>
  );
}

interface PropertiesProps {
  readonly facts: CollectionFacts;
  readonly properties: readonly OwnProperty[];
}

/** The own properties of a collection, each with its type and what the latest event has there. */
function Properties({ facts: { name, latest }, properties }: PropertiesProps) {
  const { names } = usePage();
  const columns: Column<OwnProperty>[] = [
    { label: t("Property"), cell: (property) => property.name },
    { label: t("Type"), cell: ({ type }) => TYPES[type] ?? type },
    {
      label: t("In the latest event"),
      cell: (property) => (latest ? valueText(names, property.name, fieldOf(latest, property.name)) : ""),
    },
  ];
  return (
    <Section
      title={t("Properties of {name}", { name })}
      about={t("What we find out about each event comes on top of these.")}
    >
      {properties.length > 0 ? (
        <DataTable
          label={t("Properties of {name}", { name })}
          columns={columns}
          rows={properties}
          keyOf={(one) => one.name}
        />
      ) : (
        <Nothing>{t("Its events have no properties of their own.")}</Nothing>
      )}
    </Section>
  );
}
