import { useQuery } from "@tanstack/react-query";
import { dateFormat } from "../format/intl.ts";
import { t } from "../language/words.ts";
import { hoursOf, HOURS_WEEKS, isCut } from "../questions/hours.ts";
import { usePage } from "../state/page.tsx";
import { useNear } from "../state/use-near.ts";
import { weekOf } from "../state/week.ts";
import { Asked } from "./asked.tsx";
import { Nothing } from "./states.tsx";
import "./week-panel.css";

/** A Monday: the week begins with it. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** When people come: the hours of the week by how much there was in them on average. Asked when it is scrolled near. */
export default function WeekPanel() {
  const { ask } = usePage();
  const [near, ref] = useNear();
  const query = useQuery({ ...hoursOf(ask), enabled: near });
  const weeks = HOURS_WEEKS;
  const about = isCut(ask.period)
    ? ask.about === "web"
      ? t("Page views per hour, on average of the latest {weeks} weeks", { weeks })
      : t("Events per hour, on average of the latest {weeks} weeks", { weeks })
    : ask.about === "web"
      ? t("Page views per hour, on average")
      : t("Events per hour, on average");
  return (
    <section className="surface panel week" aria-label={t("Hours of the week")} ref={ref}>
      <header className="panel-head">
        <h2>{t("Hours of the week")}</h2>
        <span className="week-about">{about}</span>
      </header>
      <div className="panel-body">
        <Asked query={query} rows={7}>
          {(counts) =>
            counts.every(({ count }) => count === 0) ? (
              <Nothing>{t("Nothing in this range.")}</Nothing>
            ) : (
              <Week week={weekOf(counts, ask.access.timezone, query.dataUpdatedAt)} />
            )
          }
        </Asked>
      </div>
    </section>
  );
}

function Week({ week }: { readonly week: ReturnType<typeof weekOf> }) {
  const { locale, numbers } = usePage();
  const highest = Math.max(...week.flat().map(({ average }) => average ?? 0));
  const unit = highest < 10 ? "decimal" : "count";
  const named = (options: Intl.DateTimeFormatOptions) => {
    const format = dateFormat(locale, { timeZone: "UTC", ...options });
    return (at: number) => format.format(at);
  };
  const [long, short, hour] = [
    named({ weekday: "long" }),
    named({ weekday: "short" }),
    named({ hour: "2-digit", minute: "2-digit" }),
  ];
  const hourOf = (at: number) => hour(MONDAY + at * HOUR_MS);
  const dayOf = (at: number) => MONDAY + at * DAY_MS;
  return (
    <div className="week-table" tabIndex={0} role="group" aria-label={t("Hours of the week as a table")}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("Day")}</span>
            </th>
            {week[0]?.map((_, at) => (
              <th key={at} scope="col" abbr={hourOf(at)}>
                {at}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {week.map((hours, day) => (
            <tr key={day}>
              <th scope="row" abbr={long(dayOf(day))}>
                {short(dayOf(day))}
              </th>
              {hours.map(({ average, hours: passed }, at) => {
                const told = { day: long(dayOf(day)), hour: hourOf(at), count: numbers.value(average, unit) };
                return (
                  <td
                    key={at}
                    style={{ "--heat": highest > 0 ? (average ?? 0) / highest : 0 } as React.CSSProperties}
                    title={
                      passed > 1
                        ? t("{day}, {hour}: {count} (average of {hours})", { ...told, hours: passed })
                        : t("{day}, {hour}: {count}", told)
                    }
                  >
                    <span>{told.count}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
