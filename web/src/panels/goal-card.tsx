import { useQuery } from "@tanstack/react-query";
import { conversionOf } from "../asking/conversions.ts";
import { definitionsOf } from "../asking/definitions.ts";
import { goalOf, type Goal } from "../asking/goals.ts";
import { moneyText, revenueOf } from "../asking/revenue.ts";
import { t } from "../language/words.ts";
import { goalOfCard, type GoalCardId } from "../state/kept-cards.ts";
import { changeOf, type Totals } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import { CardButton } from "./card.tsx";
import { Change } from "./change.tsx";

interface Props {
  readonly id: GoalCardId;
  readonly totals: Totals | undefined;
  /** Absent: nothing is compared. */
  readonly earlier: Totals | undefined;
}

/** What a goal comes to in the range: its conversion, or its revenue. A click chooses it for the rows of the panels. */
export default function GoalCard({ id, ...sums }: Props) {
  const { access } = usePage();
  const { data } = useQuery(definitionsOf(access, "goals"));
  const goal = data?.map(goalOf).find(({ name }) => name === goalOfCard(id));
  if (!goal) return null;
  return id.startsWith("revenue:") ? <RevenueCard goal={goal} {...sums} /> : <ConversionCard goal={goal} {...sums} />;
}

type CardProps = Omit<Props, "id"> & { readonly goal: Goal };

function ConversionCard({ goal, totals, earlier }: CardProps) {
  const { ask, numbers } = usePage();
  const before = useEarlierAsk();
  const now = useQuery(conversionOf(ask, goal.choice, totals));
  const was = useQuery({ ...conversionOf(before, goal.choice, earlier), enabled: earlier !== undefined });
  const rate = now.data?.rate ?? null;
  return (
    <Face
      goal={goal}
      label={t("Conversion: {goal}", { goal: goal.title })}
      value={now.data && numbers.figure(rate, "percent")}
      change={changeOf(rate, earlier && !was.isPlaceholderData ? (was.data?.rate ?? null) : null)}
    />
  );
}

function RevenueCard({ goal, earlier }: CardProps) {
  const { ask, locale } = usePage();
  const before = useEarlierAsk();
  const now = useQuery(revenueOf(ask, goal));
  const was = useQuery(revenueOf(before, earlier ? goal : undefined));
  return (
    <Face
      goal={goal}
      label={t("Revenue: {goal}", { goal: goal.title })}
      value={now.data && moneyText(locale, goal, now.data.sum)}
      change={changeOf(now.data?.sum ?? null, earlier && !was.isPlaceholderData ? (was.data?.sum ?? null) : null)}
    />
  );
}

/** The same questions about the time that the page compares with. */
function useEarlierAsk() {
  const { ask, comparison } = usePage();
  return { ...ask, period: comparison?.fair ?? ask.period };
}

interface FaceProps {
  readonly goal: Goal;
  readonly label: string;
  readonly value: string | undefined;
  readonly change: number | null;
}

function Face({ goal, label, value, change }: FaceProps) {
  const { search, update } = usePage();
  const isOn = search.goal === goal.name;
  return (
    <CardButton
      label={label}
      title={t("Shows this goal in the rows of the panels")}
      value={value}
      pressed={isOn}
      onClick={() => update({ goal: isOn ? undefined : goal.name })}
    >
      <Change change={change} />
    </CardButton>
  );
}
