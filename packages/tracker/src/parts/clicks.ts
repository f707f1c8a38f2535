import type { Part } from "../kit.ts";

const PREFIX = "data-track";

/**
 * Clicks (also with the middle button) on links to another host, with the link without query and fragment; and clicks on elements with
 * `data-track="name"` (or on anything in them), for a form its submission, with their `data-track-<property>` attributes and nothing
 * else: no text, no value of any field.
 */
export const clicks: Part = (kit) => () => {
  let echo: unknown;
  let told: unknown;

  kit._on(["click", "auxclick", "submit"], (event, path) => {
    const isSubmit = event.type === "submit";

    const x = kit._link(path);
    // Button 2 opens the context menu; the visitor has not left.
    if (
      x &&
      !isSubmit &&
      (event as MouseEvent).button < 2 &&
      kit._wants("outbound") &&
      new URL(x).host !== location.host
    ) {
      kit._record("outbound_clicks", { x });
    }

    const tagged = path.find(
      (element) => kit._attribute(element, PREFIX) && element instanceof HTMLFormElement === isSubmit,
    );
    // A click on a label is followed, at once, by one that the browser makes for the label's control: the same click, but for what
    // stands around the control alone.
    const isEcho = echo && path[0] === echo && tagged === told;
    const label = path.find((element) => element instanceof HTMLLabelElement);
    echo = label?.control !== path[0] && label?.control;
    told = tagged;
    setTimeout(() => (echo = 0));
    if (tagged && !isEcho && event.type !== "auxclick" && kit._wants("tag")) {
      kit._record(kit._attribute(tagged, PREFIX), { p: kit._attributes(tagged, `${PREFIX}-`) }, 2);
    }
  });
};
