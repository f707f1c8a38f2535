import type { Part } from "../kit.ts";

/**
 * Clicks (also with the middle button) on links to another host, with the link without query and fragment; and clicks on elements with
 * `data-track="name"` (or on anything in them), for a form its submission, with their `data-track-<property>` attributes and nothing
 * else: no text, no value of any field.
 */
export const clicks: Part = (kit) => () => {
  let echo: unknown;
  let told: unknown;

  kit._on("click auxclick submit", (event, path) => {
    const isSubmit = event.type === "submit";

    const x = kit._link(event, path);
    if (x && new URL(x).host !== location.host) kit._report("outbound", "outbound_clicks", x);

    const tagged = path.find(
      (element) => kit._attributes(element, "data-track")[""] && element instanceof HTMLFormElement === isSubmit,
    );
    // A click on a label is followed, at once, by one that the browser makes for the label's control: the same click, but for what
    // stands around the control alone.
    const isEcho = path[0] === echo && tagged === told;
    echo = path.find((element) => element instanceof HTMLLabelElement)?.control;
    told = tagged;
    setTimeout(() => (echo = 0));
    if (tagged && !isEcho && event.type !== "auxclick" && kit._wants("tag")) {
      const { "": name = "", ...p } = kit._attributes(tagged, "data-track");
      kit._record(name, { p }, 2);
    }
  });
};
