import "../design/tokens.css";
import "../design/base.css";
import "../design/controls.css";
import "../design/print.css";
import { startLanguage } from "../language/start.ts";
import { listenToHost } from "./host.ts";
import { readStart } from "./start.ts";

const root = document.getElementById("root");
if (!root) throw new Error("The page of an embed has no #root.");
if (window.parent === window) document.documentElement.dataset["alone"] = "";
const start = readStart();
// Before anything is drawn: the host may speak as soon as this page is there.
const host = listenToHost(start.origins);
// Texts are constants of their modules, so that the language is there before the first of them. That of a share link is the link's, not
// the reader's own dashboard's, which this browser may have, too.
void startLanguage({ keeps: false })
  .then(() => import("./app.tsx"))
  .then(({ show }) => show(root, start, host));
