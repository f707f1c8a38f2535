const WORDS: Readonly<Record<string, string>> = {
  ok: "Well",
  failed: "Failed",
  timeout: "Out of time",
  "out-of-memory": "Out of memory",
};

/** How an execution ended, in a word. */
export function StatusBadge({ status }: { readonly status: string }) {
  return <span className={`badge ${status === "ok" ? "ok" : "critical"}`}>{WORDS[status] ?? status}</span>;
}
