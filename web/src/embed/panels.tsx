import type { EmbedAnswer } from "@millrace/client";
import type { EmbedPanel } from "@millrace/core";
import type { ReactNode } from "react";
import { t } from "../language/words.ts";
import { Boundary } from "../panels/boundary.tsx";
import { DimensionPanel } from "../panels/breakdown-panel.tsx";
import { Cards } from "../panels/cards.tsx";
import { EventsPanel } from "../panels/events-panel.tsx";
import { Trend } from "../panels/trend.tsx";

/** The panels there are, in the order of the page. */
type Drawn = Readonly<Partial<Record<EmbedPanel, (description: EmbedAnswer) => ReactNode>>>;
const WIDE: Drawn = {
  metrics: () => <Cards />,
  trend: ({ annotations }) => <Trend notes={annotations} />,
};
const LISTS: Drawn = {
  pages: () => <DimensionPanel panel="pages" title={t("Pages")} />,
  sources: () => <DimensionPanel panel="sources" title={t("Sources")} />,
  places: () => <DimensionPanel panel="places" title={t("Countries")} />,
  devices: () => <DimensionPanel panel="devices" title={t("Devices")} />,
  events: () => <EventsPanel />,
};

interface Props {
  readonly description: EmbedAnswer;
  /** The one that is shown; null: all of the token's. */
  readonly only: string | null;
}

export function EmbedPanels({ description, only }: Props) {
  const { panels, collections } = description;
  const wanted = panels.filter((panel) => only === null || panel === only);
  const of = (known: Drawn) =>
    Object.entries(known).flatMap(([name, draw]) =>
      wanted.some((panel) => panel === name) ? [<Boundary key={name}>{draw(description)}</Boundary>] : [],
    );
  const [wide, lists] = [of(WIDE), of(LISTS)];
  if (collections.length === 0) return <p className="notice">{t("There is nothing to show yet.")}</p>;
  if (wide.length + lists.length === 0)
    return <p className="notice">{t("This panel is not part of what you may see.")}</p>;
  return (
    <main className="embed-panels">
      {wide.length > 0 && <div className="surface">{wide}</div>}
      {lists.length > 0 && <div className={lists.length > 1 ? "panels" : ""}>{lists}</div>}
    </main>
  );
}
