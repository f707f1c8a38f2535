import "@fontsource/roboto/latin-400.css";
import "@fontsource/roboto/latin-500.css";
import "@fontsource/roboto/latin-700.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import "./design/print.css";
import { startLanguage } from "./language/start.ts";
import { askedOpening } from "./opening/asked.ts";

/** Draws the dashboard: the first numbers by as little code as they need, all else when they have been seen. */
async function start(container: HTMLElement): Promise<void> {
  // Texts are constants of their modules, so that the language is there before the first of them.
  const [opening] = await Promise.all([askedOpening(), startLanguage()]);
  const { head } = opening ?? {};
  const leave = head && (await import("./opening/first.tsx").then(({ drawFirst }) => drawFirst(container, head)));
  const application = await import("./app.tsx");
  leave?.();
  application.start(container, opening);
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
void start(root);
