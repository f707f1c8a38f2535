import { ChangesButton } from "./changes-button.tsx";
import { NotesButton } from "./notes-button.tsx";

/** What else can be asked of the chart, and written on it. */
export default function TrendTools() {
  return (
    <>
      <ChangesButton />
      <NotesButton />
    </>
  );
}
