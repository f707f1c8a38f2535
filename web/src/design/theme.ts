/** Sets the colours of the page; `auto`: the system's. */
export function wearTheme(theme: "auto" | "light" | "dark"): void {
  const { dataset } = document.documentElement;
  if (theme === "auto") delete dataset["theme"];
  else dataset["theme"] = theme;
}
