import type { Progress } from "./checkpoint.ts";
import type { ImportObserver } from "./run.ts";

const WIDTH = 28;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5_000;

/**
 * Shows an import's progress: a bar that redraws itself on a terminal, a plain line every five seconds elsewhere. The rate is
 * that of this run; the remaining time assumes it stays.
 */
export function progressBar(out: NodeJS.WriteStream): ImportObserver & { end(): void } {
  const started = performance.now();
  let drawnAt = out.isTTY ? -Infinity : performance.now();
  let phaseStarted: { phase: string; at: number; fraction: number; accepted: number } | undefined;
  let waiting: string | undefined;
  let open = false;

  const draw = (text: string, force = false) => {
    const now = performance.now();
    if (!force && now - drawnAt < (out.isTTY ? REDRAW_MS : LINE_EVERY_MS)) return;
    drawnAt = now;
    out.write(out.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
    open = out.isTTY;
  };
  const closeLine = () => {
    if (open) out.write("\n");
    open = false;
  };

  return {
    onProgress(phase, fraction, progress) {
      if (phaseStarted?.phase !== phase)
        phaseStarted = { phase, at: performance.now(), fraction, accepted: progress.accepted };
      if (waiting === undefined) draw(barText(phase, fraction, progress, phaseStarted));
    },
    onWaiting(reason) {
      if (reason !== waiting && reason !== undefined) {
        closeLine();
        draw(`waiting: ${reason}; the import goes on when it answers (Ctrl-C to stop)`, true);
        closeLine();
      }
      waiting = reason;
    },
    onNote(note) {
      closeLine();
      out.write(`  ${note}\n`);
    },
    end() {
      closeLine();
      out.write(`  ${duration((performance.now() - started) / 1000)} in all\n`);
    },
  };
}

function barText(
  phase: string,
  fraction: number,
  progress: Progress,
  start: { at: number; fraction: number; accepted: number },
): string {
  const done = Math.round(Math.min(fraction, 1) * WIDTH);
  const bar = `${"█".repeat(done)}${"░".repeat(WIDTH - done)}`;
  const seconds = (performance.now() - start.at) / 1000;
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  if (phase === "reading") return `reading ${bar} ${percent}`;
  const rate = seconds > 0 ? (progress.accepted - start.accepted) / seconds : 0;
  const gained = fraction - start.fraction;
  const remaining = gained > 0 ? ((1 - fraction) / gained) * seconds : undefined;
  const eta = remaining === undefined ? "" : `, ${duration(remaining)} left`;
  return `sending ${bar} ${percent}  ${progress.accepted.toLocaleString("en")} events, ${Math.round(rate).toLocaleString("en")}/s${eta}`;
}

/** `4 s`, `3 min 20 s`, `2 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
