import { createElement, Fragment, type ReactNode } from "react";
import { messageName, type Translation } from "./catalogue.ts";
import { whatIsSpoken } from "./spoken.ts";

/** The names in a message's braces. */
type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;

type Values<Name extends string, Value> = [Name] extends [never] ? [] : [values: Readonly<Record<Name, Value>>];

/** Behind a message that English says alike and others do not: `From #time`. A word, not a colour such as `#b4400d`. */
const CONTEXT = / #[a-z]+$/;
const SLOT = /\{(\w+)\}/;

const { language, locale, catalogue } = whatIsSpoken();
export { language, locale };

const rules = new Intl.PluralRules(locale);
const whole = new Intl.NumberFormat(locale);

/**
 * A text in the reader's language: `t("{count} of {all} rows", { count, all })`. The English sentence is the message's name, so it is written
 * out where it stands; the catalogues (de.json) are held to it by their test. Numbers are written by the reader's locale.
 */
export function t<const Text extends string>(text: Text, ...[values]: Values<Slots<Text>, string | number>): string {
  return fill(textOf(text, translated(text)), values);
}

/** The same for a count, `{n}`: `plural(n, "{n} event", "{n} events")`. Catalogues have it under the second form. */
export function plural<const One extends string, const Other extends string>(
  n: number,
  one: One,
  other: Other,
  ...[values]: Values<Exclude<Slots<One> | Slots<Other>, "n">, string | number>
): string {
  const category = rules.select(n);
  const english = category === "one" ? one : other;
  return fill(textOf(english, translated(other), category), { n, ...values });
}

/** The same with elements in it: `rich("Events of {project}", { project: <b>{name}</b> })`. */
export function rich<const Text extends string>(text: Text, ...[values]: Values<Slots<Text>, ReactNode>): ReactNode {
  const parts = textOf(text, translated(text)).split(SLOT);
  // Each second part is a name.
  const nodes = parts.map((part, at) => (at % 2 === 0 ? part : valueOf(values, part)));
  return createElement(Fragment, undefined, ...nodes);
}

/** A label within a sentence: English begins it small, German keeps its nouns. */
export function inSentence(label: string): string {
  return language.code === "en" ? label.toLowerCase() : label;
}

export function translated(english: string): Translation | undefined {
  return catalogue?.[messageName(english)];
}

function textOf(english: string, translation: Translation | undefined, category: Intl.LDMLPluralRule = "other") {
  if (typeof translation === "object") return translation[category] ?? english;
  return translation ?? english.replace(CONTEXT, "");
}

function fill(text: string, values: Readonly<Record<string, string | number>> | undefined): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = valueOf(values, name) ?? "";
    return typeof value === "number" ? whole.format(value) : value;
  });
}

function valueOf<Value>(values: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return values?.[name];
}
