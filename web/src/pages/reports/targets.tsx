import type { TargetAnswer, TargetDefinition } from "@millrace/client";
import { useState } from "react";
import { RemoveButton } from "../../asking/fields.tsx";
import { t } from "../../language/words.ts";

/** To whom something goes: a target that is there already, or a new one. */
export interface Recipients {
  readonly kept: readonly TargetAnswer[];
  readonly kind: "slack" | "webhook" | "mail";
  readonly address: string;
}

export function useRecipients(kept: readonly TargetAnswer[] = []) {
  return useState<Recipients>({ kept, kind: "slack", address: "" });
}

export function targetsOf({ kept, kind, address }: Recipients): TargetDefinition[] {
  const text = address.trim();
  const added = { slack: { slack: text }, webhook: { webhook: text }, mail: { mail: text } }[kind];
  return [...kept.map(({ id }) => ({ id })), ...(text === "" ? [] : [added])];
}

export const CHANNELS = { slack: "Slack", webhook: t("Webhook"), mail: t("Mail") } as const;
const HINTS = {
  slack: "https://hooks.slack.com/services/…",
  webhook: "https://…",
  mail: "ada@example.com",
} as const;

interface Props {
  readonly value: Recipients;
  readonly onChange: (value: Recipients) => void;
}

/** To whom it is sent. Of a webhook that is there nobody sees more than its host: its address is a key. */
export function Targets({ value, onChange }: Props) {
  const { kept, kind, address } = value;
  return (
    <fieldset className="sent-targets">
      <legend>{t("To #receiver")}</legend>
      {kept.map((target) => (
        <p key={target.id} className="chip">
          <span className="chip-text">
            {CHANNELS[target.kind]} {target.to}
          </span>
          <RemoveButton
            label={t("Not to {target}", { target: target.to })}
            onClick={() => onChange({ ...value, kept: kept.filter((each) => each !== target) })}
          />
        </p>
      ))}
      <div className="sent-row">
        <label className="field">
          {t("Channel #receiver")}
          <select
            className="button"
            value={kind}
            onChange={(event) => onChange({ ...value, kind: event.target.value as Recipients["kind"] })}
          >
            {Object.entries(CHANNELS).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {kind === "mail" ? t("Mail address") : t("Address of the webhook")}
          <input
            type={kind === "mail" ? "email" : "url"}
            value={address}
            required={kept.length === 0}
            placeholder={HINTS[kind]}
            onChange={(event) => onChange({ ...value, address: event.target.value })}
          />
        </label>
      </div>
    </fieldset>
  );
}
