import type { EmbedAnswer } from "@millrace/client";
import { useLayoutEffect } from "react";
import { accentTokens } from "./accent.ts";

/** Theme and colour as the token says. */
export function useLook({ theme = "auto", accent }: Pick<EmbedAnswer, "theme" | "accent">): void {
  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement;
    if (theme === "auto") delete dataset["theme"];
    else dataset["theme"] = theme;
    const tokens = Object.entries(accent === undefined ? {} : accentTokens(accent));
    for (const [name, value] of tokens) style.setProperty(name, value);
    return () => {
      for (const [name] of tokens) style.removeProperty(name);
    };
  }, [theme, accent]);
}
