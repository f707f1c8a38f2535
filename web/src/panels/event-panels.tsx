import { useQuery } from "@tanstack/react-query";
import { t } from "../language/words.ts";
import { subjectOf } from "../questions/ask.ts";
import { schemaOf } from "../questions/project.ts";
import { usePage } from "../state/page.tsx";
import { Boundary } from "./boundary.tsx";
import { BreakdownPanel } from "./breakdown-panel.tsx";
import { byProperty } from "./breakdowns.ts";
import { EventsPanel } from "./events-panel.tsx";

/** Properties that get a panel of their own; the others are found by the Events panel's own choice. */
const MOST = 5;
/** What rows are made of. Numbers have cards, and lists are looked at one by one. */
const LISTED: ReadonlySet<string> = new Set(["string", "bool"]);

/** The panels of a page about events: which events, and one for each of the first properties of the event that the page is about. */
export function EventPanels() {
  const { access, ask } = usePage();
  const subject = subjectOf(ask);
  const schema = useQuery({ ...schemaOf(access), enabled: subject !== undefined });
  const own = subject === undefined ? [] : (schema.data?.get(subject) ?? []);
  const listed = own.filter(({ type }) => LISTED.has(type)).slice(0, MOST);
  return (
    <>
      <Boundary>
        <EventsPanel />
      </Boundary>
      {subject !== undefined &&
        listed.map(({ name }) => (
          <Boundary key={name}>
            <BreakdownPanel
              title={t("{subject} by {name}", { subject, name })}
              breakdown={byProperty(subject, name)}
              quiet
            />
          </Boundary>
        ))}
    </>
  );
}
