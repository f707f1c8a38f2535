import { useState } from "react";
import { Icon } from "../design/icon.tsx";
import { Menu, MenuChoices, MenuItem } from "../design/menu.tsx";
import { periodText } from "../format/date.ts";
import { t } from "../language/words.ts";
import { COMPARISONS } from "../state/compare.ts";
import { usePage, type Page } from "../state/page.tsx";
import { RANGES, stepRange, type RangeName } from "../state/ranges.ts";
import { addDays, dateOf } from "../state/wall.ts";
import "./range-picker.css";

interface Props {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** The range: arrows to its neighbours, a menu of ranges, a custom one, and what it is compared with. */
export function RangePicker({ open, onOpen }: Props) {
  const page = usePage();
  const { search, update, period, locale, now } = page;
  const before = search.range === "all" ? undefined : stepRange(search.range, period, -1, now);
  const after = search.range === "all" ? undefined : stepRange(search.range, period, 1, now);
  const choose = (range: RangeName) => {
    update({ range, from: undefined, to: undefined, by: undefined });
    onOpen(false);
  };
  return (
    <div className="range joined">
      <button
        type="button"
        className="button icon"
        aria-label={t("Previous period")}
        disabled={!before}
        onClick={() => before && update({ ...before, by: undefined })}
      >
        <Icon name="left" />
      </button>
      <Menu
        label={t("Range: {range}", { range: rangeText(page) })}
        className="range-menu"
        open={open}
        onOpen={onOpen}
        button={
          <>
            <span className="range-text">{rangeText(page)}</span>
            <Icon name="down" />
          </>
        }
      >
        <MenuChoices label={t("Range")}>
          {RANGES.filter((range) => range.name !== "custom").map((range) => (
            <MenuItem
              key={range.name}
              checked={search.range === range.name}
              hint={range.key}
              onChoose={() => choose(range.name)}
            >
              {range.label}
            </MenuItem>
          ))}
        </MenuChoices>
        <hr className="menu-rule" />
        <CustomRange key={`${period.start} ${period.end}`} onDone={() => onOpen(false)} />
        <hr className="menu-rule" />
        <MenuChoices label={t("Compared with")}>
          {COMPARISONS.map((comparison) => (
            <MenuItem
              key={comparison.name}
              checked={search.compare === comparison.name}
              hint={comparison.name === "previous" ? "X" : undefined}
              onChoose={() => update({ compare: comparison.name })}
            >
              {comparison.label}
            </MenuItem>
          ))}
        </MenuChoices>
        <p className="range-zone">
          {t("Days of {timezone} · {period}", {
            timezone: page.access.timezone.replaceAll("_", " "),
            period: periodText(locale, period),
          })}
        </p>
      </Menu>
      <button
        type="button"
        className="button icon"
        aria-label={t("Next period")}
        disabled={!after}
        onClick={() => after && update({ ...after, by: undefined })}
      >
        <Icon name="right" />
      </button>
    </div>
  );
}

function CustomRange({ onDone }: { readonly onDone: () => void }) {
  const { period, update, now } = usePage();
  const [from, setFrom] = useState(dateOf(period.start));
  const [to, setTo] = useState(period.end.length === 10 ? addDays(period.end, -1) : dateOf(period.end));
  const apply = (event: React.SyntheticEvent) => {
    event.preventDefault();
    if (!from || !to) return;
    update({ range: "custom", from, to, by: undefined });
    onDone();
  };
  const latest = addDays(dateOf(now), 1);
  return (
    <form className="range-custom" onSubmit={apply}>
      <label className="field">
        {t("From")}
        <input type="date" value={from} max={latest} onChange={(event) => setFrom(event.target.value)} required />
      </label>
      <label className="field">
        {t("To")}
        <input type="date" value={to} max={latest} onChange={(event) => setTo(event.target.value)} required />
      </label>
      <button type="submit" className="button small primary">
        {t("Show")}
      </button>
    </form>
  );
}

function rangeText({ search, period, locale }: Page): string {
  if (search.range === "custom") return periodText(locale, period);
  return RANGES.find((range) => range.name === search.range)?.label ?? "";
}
