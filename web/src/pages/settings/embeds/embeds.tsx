import { useState } from "react";
import { CopyCode } from "../../../design/copy.tsx";
import { Tabs } from "../../../design/segmented.tsx";
import { t } from "../../../language/words.ts";
import { linesOf } from "../lines.tsx";
import type { PartProps } from "../part.ts";
import { embedCode } from "./code.ts";
import { FIRST_OPTIONS, previewClaims } from "./options.ts";
import { OptionsForm } from "./options-form.tsx";
import { Preview } from "./preview.tsx";
import { Secrets } from "./secrets.tsx";
import "./embeds.css";

const PLACES = [
  { value: "server", label: t("Your back end") },
  { value: "element", label: t("Your page") },
  { value: "react", label: t("Your page, with React") },
] as const;

/** Embeds of a project: the secrets, what a customer would see, and the code that shows it to them. */
export function Embeds({ project }: PartProps) {
  const [options, setOptions] = useState(FIRST_OPTIONS);
  const [place, setPlace] = useState<(typeof PLACES)[number]["value"]>("server");
  const code = embedCode({ ...options, origins: linesOf(options.origins.join("\n")) }, location.origin);
  return (
    <>
      <Secrets project={project} />
      <div className="embed-work">
        <OptionsForm
          project={project}
          options={options}
          onChange={(patch) => setOptions((before) => ({ ...before, ...patch }))}
        />
        <Preview project={project} claims={previewClaims(options, location.origin)} />
      </div>
      <h2>{t("The code")}</h2>
      <p>
        {t(
          "The back end makes a token for whoever is signed in there, and answers it to its own page at /usage-token.",
        )}
      </p>
      <Tabs label={t("Where the code goes")} options={PLACES} value={place} onChange={setPlace} />
      <CopyCode code={code[place]} label={PLACES.find(({ value }) => value === place)?.label ?? t("Code")} />
    </>
  );
}
