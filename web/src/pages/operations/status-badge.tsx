import { t } from "../../language/words.ts";

const WORDS: Readonly<Record<string, string>> = {
  ok: t("Well"),
  failed: t("Failed"),
  timeout: t("Out of time"),
  "out-of-memory": t("Out of memory"),
};

/** How an execution ended, in a word. */
export function StatusBadge({ status }: { readonly status: string }) {
  return <span className={`badge ${status === "ok" ? "ok" : "critical"}`}>{WORDS[status] ?? status}</span>;
}
