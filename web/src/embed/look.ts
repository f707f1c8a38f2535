import type { EmbedAnswer } from "@millrace/client";
import { useLayoutEffect } from "react";
import { wearTheme } from "../design/theme.ts";
import { accentTokens } from "./accent.ts";

/** Theme and colour as the token says. */
export function useLook({ theme = "auto", accent }: Pick<EmbedAnswer, "theme" | "accent">): void {
  useLayoutEffect(() => {
    wearTheme(theme);
    const { style } = document.documentElement;
    const tokens = Object.entries(accent === undefined ? {} : accentTokens(accent));
    for (const [name, value] of tokens) style.setProperty(name, value);
    return () => {
      for (const [name] of tokens) style.removeProperty(name);
    };
  }, [theme, accent]);
}
