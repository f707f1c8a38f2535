import { Notes } from "./notes.tsx";
import { Segments } from "./segments.tsx";
import "../../asking/asking.css";
import "./setup.css";

/** What the people of a project define for each other beside boards and goals. */
export function Setup() {
  return (
    <>
      <Segments />
      <Notes />
    </>
  );
}
