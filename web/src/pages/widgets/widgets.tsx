import { useQuery } from "@tanstack/react-query";
import { CopyCode } from "../../design/copy.tsx";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { WIDGETS, widgetsBy } from "../../questions/widgets.ts";
import { Section } from "../../shell/section.tsx";
import { isFilter, toggleFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { StepTable } from "./step-table.tsx";
import { Versions } from "./versions.tsx";
import "./widgets.css";

const EXAMPLE = `<div data-widget="poll-7" data-widget-version="2.1" data-widget-placement="sidebar">
  <button data-widget-convert>Vote</button>
</div>`;

/** What sits on the pages and has a life of its own: from being shown to what it is there for. */
export function Widgets() {
  const { ask, collections, search, update } = usePage();
  // The list stays whole, whichever of them is looked at more closely.
  const others = { ...ask, filters: ask.filters.filter(({ field }) => field !== "$widget") };
  const all = useQuery({ ...widgetsBy(others, "$widget"), enabled: collections.includes(WIDGETS) });
  if (!collections.includes(WIDGETS)) return <NoneYet />;
  const chosen = search.filters.find(
    ({ field, op, values }) => field === "$widget" && op === "is" && values.length === 1,
  )?.values[0];
  const choose = (widget: string | null) =>
    update({ filters: toggleFilter(search.filters, isFilter("$widget", widget)) });
  return (
    <>
      <Section
        title={t("Widgets")}
        about={t(
          "How often each step was taken. Seen is a share of shown, used of seen, converted of shown. Choose a widget to compare its versions and places.",
        )}
      >
        <Asked query={all}>
          {(rows) =>
            rows.length === 0 ? (
              <Nothing>{t("No widget was shown in this range, or the filters leave all of them out.")}</Nothing>
            ) : (
              <StepTable
                label={t("Widgets")}
                of={t("Widget")}
                field="$widget"
                rows={rows}
                current={chosen}
                onChoose={(row) => choose(row.value)}
              />
            )
          }
        </Asked>
      </Section>
      {chosen !== undefined && (
        <>
          <Versions />
          <By property="$widget_placement" title={t("By placement")} of={t("Placement")} />
          <By property="$page.path" title={t("By page")} of={t("Page")} />
        </>
      )}
    </>
  );
}

interface ByProps {
  readonly property: string;
  readonly title: string;
  readonly of: string;
}

/** The steps of the chosen widget, by where it was. */
function By({ property, title, of }: ByProps) {
  const { ask } = usePage();
  const rows = useQuery(widgetsBy(ask, property));
  return (
    <Section title={title}>
      <Asked query={rows} rows={3}>
        {(found) => <StepTable label={title} of={of} field={property} rows={found} />}
      </Asked>
    </Section>
  );
}

function NoneYet() {
  return (
    <Section
      title={t("Widgets")}
      about={t(
        "Nothing has said yet that it is a widget. Put the part widgets into the script (t.widgets.js), and mark what is to be followed:",
      )}
    >
      <div className="widgets-example">
        <CopyCode code={EXAMPLE} label={t("A widget")} />
      </div>
    </Section>
  );
}
