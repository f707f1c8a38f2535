import { useState, type ReactNode } from "react";
import { MillraceClientError } from "@millrace/client";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { useNow } from "../state/use-now.ts";
import "./states.css";

interface FailureProps {
  readonly error: Error;
  readonly onRetry: () => void;
}

/**
 * A panel that failed. Of a server that cannot be reached the page speaks once (see outage.tsx): each panel saying it again would be a
 * choir.
 */
export function PanelFailure(props: FailureProps) {
  const { error } = props;
  const unreachable = error instanceof MillraceClientError && error.code === "NetworkError";
  return unreachable ? <Nothing>{t("Waiting for the server.")}</Nothing> : <Failure {...props} />;
}

/** A part that failed: why, and a way to try again. Only this part; the others go on. */
export function Failure({ error, onRetry }: FailureProps) {
  const code = error instanceof MillraceClientError ? error.code : error.name;
  return (
    <div className="state" role="alert">
      <span className="state-icon bad">
        <Icon name="warn" />
      </span>
      <p>{error.message}</p>
      <p className="state-detail">{code}</p>
      <button type="button" className="button small" onClick={onRetry}>
        <Icon name="refresh" /> {t("Try again")}
      </button>
    </div>
  );
}

export function Nothing({ children }: { readonly children: ReactNode }) {
  return <div className="state quiet">{children}</div>;
}

interface SkeletonProps {
  readonly rows: number;
  /** False while nobody has asked yet, as for a part that is asked when it comes into sight. Default true. */
  readonly asked?: boolean;
}

/** Rows as they will be, greyed; eight seconds after they were asked for it says that it is still working. */
export function SkeletonRows({ rows, asked = true }: SkeletonProps) {
  return (
    <div className="skeleton" role="status" aria-label={t("Loading")}>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} style={{ inlineSize: `${88 - at * 8}%` }} />
      ))}
      {asked && <Slow />}
    </div>
  );
}

/** Milliseconds after which waiting deserves a word. */
const SLOW_MS = 8_000;

function Slow() {
  const [since] = useState(() => Date.now());
  const now = useNow(2_000);
  if (now - since < SLOW_MS) return null;
  return <p className="slow">{t("Still counting. A shorter range answers sooner.")}</p>;
}
