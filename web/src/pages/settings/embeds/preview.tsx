import type { EmbedClaims } from "@millrace/core";
import { UsageDashboard } from "@millrace/client/react";
import { useState } from "react";
import { fetchJson } from "../../../api/fetch-json.ts";
import type { MemberOf } from "../../../api/session.ts";
import { Segmented } from "../../../design/segmented.tsx";
import { t } from "../../../language/words.ts";
import { useSettled } from "../../../state/use-settled.ts";
import { Problem } from "../form.tsx";

interface Props {
  readonly project: MemberOf;
  readonly claims: EmbedClaims;
}

const WIDTHS = [
  { value: "wide", label: t("Wide") },
  { value: "phone", label: t("Phone") },
] as const;

/** The embed itself, in its own frame, with a real token of what was chosen: nothing here only looks like it. */
export function Preview({ project, claims }: Props) {
  const [width, setWidth] = useState<(typeof WIDTHS)[number]["value"]>("wide");
  const wanted = useSettled(JSON.stringify(claims), 500);
  return (
    <section className="embed-preview" aria-label={t("Preview")}>
      <header>
        <h2>{t("Preview")}</h2>
        <Segmented label={t("Width")} options={WIDTHS} value={width} onChange={setWidth} />
      </header>
      <div className={`embed-stage ${width} ${claims.theme ?? "auto"}`} tabIndex={0}>
        <Framed key={wanted} project={project} claims={wanted} />
      </div>
    </section>
  );
}

/** @param claims as JSON; another one is another frame */
function Framed({ project, claims }: { readonly project: MemberOf; readonly claims: string }) {
  const [problem, setProblem] = useState<string>();
  const getToken = async () => {
    const { token } = await fetchJson<{ token: string }>(`/3.0/projects/${project.id}/embed-tokens`, {
      method: "POST",
      headers: { authorization: project.readKey },
      body: JSON.parse(claims) as object,
    });
    return token;
  };
  return (
    <>
      <Problem message={problem} />
      <UsageDashboard
        url={location.origin}
        label={t("Preview of the embed")}
        getToken={getToken}
        onError={(error) => setProblem(error instanceof Error ? error.message : String(error))}
      />
    </>
  );
}
