import { QuestionButton } from "../asking/question-button.tsx";
import { seriesQuestions } from "../questions/totals.ts";
import { isOfVisits } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import { CardsButton } from "./cards-button.tsx";
import { ChangesButton } from "./changes-button.tsx";
import { NotesButton } from "./notes-button.tsx";
import { SendButtons } from "./send-buttons.tsx";

/** What else can be asked of the chart, written on it, and sent of it. */
export default function TrendTools() {
  const { ask, by, metric } = usePage();
  const { happened, begun } = seriesQuestions(ask, by);
  return (
    <>
      <QuestionButton question={isOfVisits(metric.id) ? begun : happened} />
      <ChangesButton />
      <NotesButton />
      <CardsButton />
      <SendButtons />
    </>
  );
}
