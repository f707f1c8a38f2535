import { Check } from "./check.tsx";
import { Install } from "./install.tsx";
import { Notes } from "./notes.tsx";
import { Segments } from "./segments.tsx";
import "../../asking/asking.css";
import "./setup.css";

/** How a project comes by its events, and what its people define for each other beside boards and goals. */
export function Setup() {
  return (
    <>
      <Install />
      <Check />
      <Segments />
      <Notes />
    </>
  );
}
