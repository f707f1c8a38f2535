import { useState } from "react";
import { t } from "../language/words.ts";

/** Code with a button that copies it. */
export function CopyCode({ code, label }: { readonly code: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(code).then(
      () => setCopied(true),
      // Without the permission the text can still be selected by hand.
      () => setCopied(false),
    );
  };
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={label}>
        {code}
      </pre>
      <button type="button" className="button small" onClick={copy}>
        {copied ? t("Copied") : t("Copy")}
      </button>
    </div>
  );
}
