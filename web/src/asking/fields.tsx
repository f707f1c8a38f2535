import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { ENGAGEMENT, VIEWS } from "../questions/ask.ts";
import { schemaOf } from "../questions/project.ts";
import { DIMENSIONS, PROPERTIES } from "../state/dimensions.ts";
import { usePage } from "../state/page.tsx";

interface ChoiceProps {
  /** What is chosen, for who does not see where it stands. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

/** A list to choose one of, as it stands within a sentence. */
export function Choice({ label, value, onChange, children }: ChoiceProps) {
  return (
    <select
      className="button choice-list"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {children}
    </select>
  );
}

/** The name of a collection for people. */
export function eventName(collection: string): string {
  return collection === "" ? t("Any event") : collection === VIEWS ? t("Page view") : collection;
}

/** Collections to choose from: engaged time is no event that anybody asks about by itself. */
export function useEventNames(): readonly string[] {
  return usePage().collections.filter((name) => name !== ENGAGEMENT);
}

interface EventSelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (event: string) => void;
  /** Whether "any event" can be chosen. Default true. */
  readonly any?: boolean;
}

/** One kind of event. */
export function EventSelect({ label, value, onChange, any = true }: EventSelectProps) {
  const names = useEventNames();
  const listed = value === "" || names.includes(value) ? names : [value, ...names];
  return (
    <Choice label={label} value={value} onChange={onChange}>
      {any && <option value="">{eventName("")}</option>}
      {listed.map((name) => (
        <option key={name} value={name}>
          {eventName(name)}
        </option>
      ))}
    </Choice>
  );
}

/** What a property is wanted for: to list its values, to compute with its numbers, or to tell who did something. */
type PropertyKind = "values" | "numbers" | "actors";

/** Who or what something is counted by. */
const ACTORS = [
  { field: "$visitor", label: t("Visitor") },
  { field: "$user", label: t("User (identify)") },
  { field: "$visit.id", label: t("Visit") },
] as const;
/** Numbers that we know of every page's events. */
const NUMBERS = [
  { field: "$engaged_ms", label: t("Engaged time (ms)") },
  { field: "$visit.page", label: t("Page number in the visit") },
] as const;

interface PropertySelectProps {
  readonly label: string;
  readonly kind: PropertyKind;
  readonly value: string;
  readonly onChange: (property: string) => void;
  /** Collections whose own properties are offered; none: those of all. */
  readonly of: readonly string[];
  /** What stands there while none is chosen. Absent: one is always chosen. */
  readonly none?: string;
}

/** One property: what we know of each event, and what the events say themselves. */
export function PropertySelect({ label, kind, value, onChange, of, none }: PropertySelectProps) {
  const { access, offers } = usePage();
  const schema = useQuery(schemaOf(access));
  const properties = [...(schema.data ?? [])]
    .filter(([name]) => of.length === 0 || of.includes(name))
    .flatMap(([, own]) => own);
  const own = [
    ...new Set(properties.filter(({ type }) => kind !== "numbers" || type === "num").map(({ name }) => name)),
  ].sort();
  const known: readonly { readonly field: string; readonly label: string }[] =
    kind === "numbers"
      ? NUMBERS
      : [...(kind === "actors" ? ACTORS : []), ...PROPERTIES.filter(({ field }) => offers(field))];
  const isListed = value === "" || known.some(({ field }) => field === value) || own.includes(value);
  return (
    <Choice label={label} value={value} onChange={onChange}>
      {none !== undefined && <option value="">{none}</option>}
      {kind === "actors" ? (
        <>
          <optgroup label={t("Who")}>{options(known.slice(0, ACTORS.length))}</optgroup>
          <optgroup label={t("Of every event")}>{options(known.slice(ACTORS.length))}</optgroup>
        </>
      ) : (
        <optgroup label={t("Of every event")}>{options(known)}</optgroup>
      )}
      {(own.length > 0 || !isListed) && (
        <optgroup label={t("Of your events")}>
          {(isListed ? own : [value, ...own]).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </optgroup>
      )}
    </Choice>
  );
}

function options(known: readonly { readonly field: string; readonly label: string }[]) {
  return known.map(({ field, label }) => (
    <option key={field} value={field}>
      {label}
    </option>
  ));
}

/** The name of a property for people. */
export function propertyLabel(field: string): string {
  const known = [...ACTORS, ...NUMBERS, ...DIMENSIONS].find((each) => each.field === field);
  return known?.label ?? field;
}

interface RemoveProps {
  readonly label: string;
  readonly onClick: () => void;
}

/** Takes a part of a question away. */
export function RemoveButton({ label, onClick }: RemoveProps) {
  return (
    <button type="button" className="button quiet icon small" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}

interface AddProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
}

export function AddButton({ children, onClick }: AddProps) {
  return (
    <button type="button" className="button small quiet" onClick={onClick}>
      <Icon name="plus" /> {children}
    </button>
  );
}

/** One line of a builder: what it is about, and the parts. */
export function Line({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="ask-line" role="group" aria-label={title}>
      <span className="ask-line-title" aria-hidden="true">
        {title}
      </span>
      <div className="ask-line-parts">{children}</div>
    </div>
  );
}
