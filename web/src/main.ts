import "@fontsource/roboto/latin-400.css";
import "@fontsource/roboto/latin-500.css";
import "@fontsource/roboto/latin-700.css";
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import "./design/print.css";
import { startLanguage } from "./language/start.ts";

// Texts are constants of their modules, so that the language is there before the first of them.
void startLanguage()
  .then(() => import("./app.tsx"))
  .then(({ start }) => {
    const root = document.getElementById("root");
    if (!root) throw new Error("index.html has no #root.");
    return start(root);
  });
