import { ChangesButton } from "./changes-button.tsx";
import { NotesButton } from "./notes-button.tsx";
import { SendButtons } from "./send-buttons.tsx";

/** What else can be asked of the chart, written on it, and sent of it. */
export default function TrendTools() {
  return (
    <>
      <ChangesButton />
      <NotesButton />
      <SendButtons />
    </>
  );
}
