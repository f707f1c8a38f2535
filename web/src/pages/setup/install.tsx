import { useState } from "react";
import { Choices } from "../../design/choices.tsx";
import { CopyCode } from "../../design/copy.tsx";
import { t } from "../../language/words.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { scriptTag, type PartName } from "../../state/script-tag.ts";

const OPTIONS: readonly { readonly value: PartName; readonly label: string }[] = [
  { value: "actions", label: t("Downloads, forms and copied links") },
  { value: "errors", label: t("Script errors") },
  { value: "rules", label: t("Rules for addresses") },
  { value: "scroll", label: t("Scroll depth") },
  { value: "vitals", label: t("Web vitals") },
  { value: "widgets", label: t("Widgets") },
];

/** The tag that brings the tracker into a page, with the parts that somebody chooses. */
export function Install() {
  const { access } = usePage();
  const [parts, setParts] = useState<readonly PartName[]>([]);
  return (
    <Section
      title={t("Script tag")}
      about={t(
        "Goes into the head of every page. What a page does not need it does not load: choose what else it records.",
      )}
    >
      <div className="setup-install">
        <Choices legend={t("Also")} options={OPTIONS} chosen={parts} onChange={setParts} />
        <CopyCode code={scriptTag(location.origin, access.writeKey ?? "WRITE_KEY", parts)} label={t("Script tag")} />
        {!access.writeKey && <p className="hint">{t("Replace WRITE_KEY by the project’s write key.")}</p>}
      </div>
    </Section>
  );
}
