import { useQuery } from "@tanstack/react-query";
import type { MemberOf } from "../../../api/session.ts";
import { Segmented } from "../../../design/segmented.tsx";
import { t } from "../../../language/words.ts";
import { projectOf, schemaOf, type OwnProperty } from "../../../questions/project.ts";
import { Choices } from "../../../design/choices.tsx";
import { Lines } from "../lines.tsx";
import { DEFAULT_COLLECTIONS, PANELS, type EmbedOptions } from "./options.ts";

interface Props {
  readonly project: MemberOf;
  readonly options: EmbedOptions;
  readonly onChange: (patch: Partial<EmbedOptions>) => void;
}

const THEMES = [
  { value: "auto", label: t("Automatic") },
  { value: "light", label: t("Light") },
  { value: "dark", label: t("Dark") },
] as const;

const EXTRAS = [
  { value: "exports", label: t("export events as CSV") },
  { value: "notes", label: t("see the project's notes on the chart") },
] as const;

/** What a customer sees, and how it looks. */
export function OptionsForm({ project, options, onChange }: Props) {
  const { properties, collections } = useNames(project);
  const named = properties.map(({ name }) => ({ value: name, label: name }));
  const text = (name: keyof EmbedOptions) => (event: React.ChangeEvent<HTMLInputElement>) =>
    onChange({ [name]: event.target.value });
  return (
    <div className="settings-form">
      <h2>{t("What a customer sees")}</h2>
      <label className="field">
        {t("Property that tells customers apart")}
        <select
          className="button"
          value={options.property}
          onChange={({ target: { value: property } }) =>
            onChange({ property, numeric: properties.some(({ name, type }) => name === property && type === "num") })
          }
        >
          <option value="">{t("none: each sees the whole project")}</option>
          {named.map(({ value }) => (
            <option key={value}>{value}</option>
          ))}
        </select>
      </label>
      <label className="field">
        {t("Customer of the preview")}
        <input value={options.customer} onChange={text("customer")} placeholder={t("its value, such as acme")} />
      </label>
      <Choices
        legend={t("Panels")}
        options={PANELS}
        chosen={options.panels}
        onChange={(panels) => onChange({ panels })}
      />
      <Choices
        legend={t("Collections")}
        options={collections.map((name) => ({ value: name, label: name }))}
        chosen={options.collections}
        onChange={(chosen) => onChange({ collections: chosen })}
      />
      {named.length > 0 && (
        <Choices
          legend={t("Own properties that may be filtered and broken down by")}
          options={named.filter(({ value }) => value !== options.property)}
          chosen={options.properties}
          onChange={(chosen) => onChange({ properties: chosen })}
        />
      )}
      <Choices
        legend={t("May also")}
        options={EXTRAS}
        chosen={EXTRAS.map(({ value }) => value).filter((extra) => options[extra])}
        onChange={(chosen) => onChange({ exports: chosen.includes("exports"), notes: chosen.includes("notes") })}
      />
      <div className="settings-row">
        <label className="field">
          {t("First day that is shown")}
          <input type="date" value={options.start} onChange={text("start")} />
        </label>
        <label className="field">
          {t("Nothing from this day on")}
          <input type="date" value={options.end} onChange={text("end")} />
        </label>
      </div>
      <h2>{t("How it looks")}</h2>
      <Segmented label={t("Theme")} options={THEMES} value={options.theme} onChange={(theme) => onChange({ theme })} />
      <div className="settings-row">
        <label className="field">
          {t("Accent")}
          <input
            value={options.accent}
            onChange={text("accent")}
            placeholder={t("ours, or such as #b4400d")}
            spellCheck={false}
          />
        </label>
        <label className="field">
          {t("Language of texts, numbers and dates")}
          <input value={options.locale} onChange={text("locale")} placeholder={t("the browser's, or such as de")} />
        </label>
      </div>
      <Lines
        label={t("Pages that may show it, one origin a line")}
        value={options.origins.join("\n")}
        placeholder="https://app.example.com"
        onChange={(lines) => onChange({ origins: lines.split("\n") })}
      />
    </div>
  );
}

/** What there is to choose from: the collections that have had an event, and those shown where nothing is said; every own property once. */
function useNames(project: MemberOf): { properties: readonly OwnProperty[]; collections: readonly string[] } {
  const schema = useQuery(schemaOf(project));
  const info = useQuery(projectOf(project));
  const byName = new Map([...(schema.data?.values() ?? [])].flat().map((property) => [property.name, property]));
  return {
    properties: [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    collections: [...new Set([...DEFAULT_COLLECTIONS, ...(info.data?.collections ?? [])])],
  };
}
