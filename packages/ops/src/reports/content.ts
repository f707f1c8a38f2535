/** What a report says, before anybody knows whether it becomes a mail, a message in a chat or JSON. */
export interface ReportContent {
  /** Whose numbers: the project's name, or none where a customer reads it. */
  readonly heading: string;
  /** "Daily report", "Weekly report". */
  readonly title: string;
  /** In words, such as "Sat, 28 November 2026". */
  readonly period: string;
  readonly figures: readonly Figure[];
  readonly lists: readonly RankedList[];
  /** Where there is nothing to show, why; and what a reader must know of the numbers. */
  readonly notes: readonly string[];
  /** To the same numbers on the dashboard. */
  readonly link?: string | undefined;
  /** BCP 47: how numbers are written. */
  readonly locale: string;
}

export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly before: number;
}

export interface RankedList {
  readonly title: string;
  /** What is counted: "Visitors". */
  readonly measure: string;
  readonly rows: readonly { readonly name: string; readonly value: number }[];
}

/** A number as its reader writes it. */
export function numberText(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
}

/** A change in words: `+12 %`, `−3 %`, `same`, `new`; empty where there is nothing on both sides. */
export function changeText({ value, before }: Pick<Figure, "value" | "before">, locale: string): string {
  if (value === before) return value === 0 ? "" : "same";
  if (before === 0) return "new";
  const share = value / before - 1;
  // A change of a thousandth is none that somebody acts on, and must not read as "+0 %".
  if (Math.abs(share) < 0.005) return "same";
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0, signDisplay: "always" });
  return percent.format(Math.max(-1, Math.min(share, 99.99)));
}

/** The first line of a report: what a list of mails and a notification show. */
export function headlineOf({ heading, title, period, figures, locale }: ReportContent): string {
  const [first] = figures;
  const about = heading === "" ? title : `${heading}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  const number = first ? `, ${numberText(first.value, locale)} ${first.label.toLowerCase()}` : "";
  return `${about}, ${period}${number}`;
}
