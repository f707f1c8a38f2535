import { clockText } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import type { Minute } from "../../questions/now.ts";
import { usePage } from "../../state/page.tsx";

/** Visitors by minute, as bars; the last minute has not ended. Its numbers are in a table for who does not see them. */
export function Minutes({ minutes }: { readonly minutes: readonly Minute[] }) {
  const { access, locale, numbers } = usePage();
  const largest = Math.max(1, ...minutes.map(({ visitors }) => visitors));
  const clock = (at: number) => clockText(locale, access.timezone, at);
  return (
    <figure className="minutes">
      <div className="minutes-bars" aria-hidden="true">
        {minutes.map(({ start, visitors }, at) => (
          <span
            key={start}
            className={at === minutes.length - 1 ? "unfinished" : undefined}
            style={{ blockSize: `${(visitors / largest) * 100}%` }}
            title={`${clock(start)}: ${numbers.count(visitors)}`}
          />
        ))}
      </div>
      <div className="minutes-axis" aria-hidden="true">
        <span>{t("30 minutes ago")}</span>
        <span>{t("now")}</span>
      </div>
      <table className="visually-hidden">
        <caption>{t("Visitors by minute")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("Minute")}</th>
            <th scope="col">{t("Visitors")}</th>
          </tr>
        </thead>
        <tbody>
          {minutes.map(({ start, visitors }) => (
            <tr key={start}>
              <th scope="row">{clock(start)}</th>
              <td>{numbers.count(visitors)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
