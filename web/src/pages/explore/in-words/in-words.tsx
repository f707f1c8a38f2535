import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useEventNames } from "../../../asking/fields.tsx";
import { writeSpec } from "../../../asking/spec.ts";
import { t } from "../../../language/words.ts";
import { schemaOf } from "../../../questions/project.ts";
import { usePage } from "../../../state/page.tsx";
import { EXPLORE } from "../spec.ts";
import { readWords, type Reading } from "./read-words.ts";
import { vocabularyOf } from "./vocabulary.ts";

/**
 * A question in words. It becomes the builder's own, with range and filters in the page's head: what was understood stands there to be seen
 * and changed, and what was not is said.
 */
export function InWords() {
  const { access, now, offers, locale, update } = usePage();
  const events = useEventNames();
  const schema = useQuery(schemaOf(access));
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<{ readonly reading: Reading | undefined }>();
  const ask = () => {
    const properties = [...(schema.data ?? [])]
      .flatMap(([, own]) => own)
      .map(({ name, type }) => ({ name, isNumber: type === "num" }));
    const reading = readWords(text, { vocabulary: vocabularyOf({ events, properties, offers, locale }), now });
    setAsked({ reading });
    if (reading) update({ ...reading.around, q: writeSpec(reading.spec, EXPLORE.defaults) });
  };
  return (
    <form
      className="field ask-words"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <input
        type="text"
        aria-label={t("Ask in words")}
        placeholder={t("Ask in words: top 5 pages by visitors from Germany last 7 days")}
        enterKeyHint="search"
        autoComplete="off"
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={text.trim() === ""}>
        {t("Ask #button")}
      </button>
      <p role="status" className="ask-note">
        {asked && verdictOn(asked.reading)}
      </p>
    </form>
  );
}

function verdictOn(reading: Reading | undefined): string {
  if (!reading)
    return t(
      "Nothing in it names an event, a number or a property of this project. Try “visitors by country last 30 days”.",
    );
  if (reading.left.length === 0) return t("Understood. The question stands below, to be changed.");
  const words = reading.left.map((word) => `“${word}”`).join(", ");
  return t("Not understood, and left out: {words}.", { words });
}
