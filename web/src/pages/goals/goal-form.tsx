import { useState } from "react";
import { EventField } from "../../asking/event-field.tsx";
import { useDefine } from "../../asking/definitions.ts";
import { ANY_EVENT, type EventChoice } from "../../asking/events.ts";
import { Line, PropertySelect, useEventNames } from "../../asking/fields.tsx";
import { asDefinition, type Goal } from "../../asking/goals.ts";
import { isCurrency } from "../../asking/revenue.ts";
import { nameOf } from "../../asking/saved.ts";
import { t } from "../../language/words.ts";
import { VIEWS } from "../../questions/ask.ts";
import { Problem } from "../settings/form.tsx";

interface Props {
  /** The one to change; absent: a new one. */
  readonly goal: Goal | undefined;
  readonly onDone: () => void;
}

/** Defines a goal: its name, and the events by which it is reached. */
export function GoalForm({ goal, onDone }: Props) {
  const names = useEventNames();
  const event = names.find((each) => each === VIEWS) ?? names[0] ?? "";
  const fresh: EventChoice = { ...ANY_EVENT, event };
  const [title, setTitle] = useState(goal?.title ?? "");
  const [choice, setChoice] = useState(goal?.choice ?? fresh);
  const [amount, setAmount] = useState(goal?.amount ?? "");
  const [currency, setCurrency] = useState(goal?.currency ?? "");
  const isWhole = currency === "" || isCurrency(currency);
  const define = useDefine("goals");
  const name = goal?.name ?? nameOf(title);
  const save = () => {
    const definition = asDefinition({ title: title.trim(), choice, amount, currency, version: goal?.version ?? 0 });
    define.mutate(
      { name, definition },
      {
        onSuccess: () => {
          setTitle("");
          setChoice(fresh);
          setAmount("");
          setCurrency("");
          onDone();
        },
      },
    );
  };
  return (
    <section className="surface ask-builder" aria-label={goal ? t("Change the goal") : t("New goal")}>
      <Line title={t("Reached by")}>
        <EventField label={t("the goal")} choice={choice} onChange={setChoice} any={false} />
      </Line>
      <Line title={t("Worth")}>
        <PropertySelect
          label={t("Amount")}
          kind="numbers"
          value={amount}
          onChange={setAmount}
          of={choice.event === "" ? [] : [choice.event]}
          none={t("no amount")}
        />
        {amount !== "" && (
          <input
            className="button goal-currency"
            aria-label={t("Currency")}
            aria-invalid={!isWhole}
            placeholder="EUR"
            value={currency}
            maxLength={3}
            size={5}
            onChange={(typed) => setCurrency(typed.target.value.toUpperCase())}
          />
        )}
      </Line>
      <Line title={t("Called")}>
        {/* No form around the event: its filter has a form of its own. */}
        <form
          className="ask-part"
          onSubmit={(submit) => {
            submit.preventDefault();
            if (name !== "" && isWhole) save();
          }}
        >
          <input
            className="button ask-anchor"
            aria-label={t("Name of the goal")}
            value={title}
            maxLength={200}
            onChange={(typed) => setTitle(typed.target.value)}
          />
          <button type="submit" className="button primary" disabled={name === "" || !isWhole || define.isPending}>
            {goal ? t("Change") : t("Add")}
          </button>
          {goal && (
            <button type="button" className="button" onClick={onDone}>
              {t("Cancel")}
            </button>
          )}
        </form>
      </Line>
      <Problem message={define.error?.message} />
    </section>
  );
}
