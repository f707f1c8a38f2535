import type { ToFrame, ToPage } from "./messages.ts";

/** Asks the company's own back end for a token of the customer who looks. */
export type GetToken = () => string | Promise<string>;

/** CSS pixels until the frame has said how much it needs. */
const FIRST_HEIGHT = 320;
const MOST_HEIGHT = 20_000;
let frames = 0;

/**
 * `<millrace-embed src="https://usage.example.com">`: a customer's usage in a frame of its own, as high as its content.
 *
 * Attributes: `src` is where Millrace is; `token-url` an address of the page's own origin that answers the token as text, unless the property
 * `getToken` is set; `panel` shows that panel alone; `range` is the first range (`7d`, `30d`, …); `label` what a screen reader
 * calls the frame. Dispatches `millrace-error` (its `detail` is the error) when no token can be had.
 *
 * The token travels in the body of a form, which the frame answers: never in an address, where logs and histories would keep it.
 */
export class MillraceEmbed extends HTMLElement {
  static readonly observedAttributes = ["src", "panel", "range"];

  /** Called for the first token, and again before each one ends. Only declared: what was set before the element was known must stay. */
  declare getToken: GetToken | undefined;

  #frame: HTMLIFrameElement | undefined;
  readonly #hear = (event: MessageEvent): void => this.#onMessage(event);

  connectedCallback(): void {
    window.addEventListener("message", this.#hear);
    // Properties are set after an element is made: whoever makes it has the rest of this moment for that.
    queueMicrotask(() => void this.reload());
  }

  disconnectedCallback(): void {
    window.removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = undefined;
  }

  attributeChangedCallback(_name: string, before: string | null): void {
    if (before !== null && this.#frame) void this.reload();
  }

  /** Shows the customer of a new token, as after another one signed in. */
  async reload(): Promise<void> {
    if (!this.isConnected) return;
    const token = await this.#token();
    if (token === undefined || !this.isConnected) return;
    const frame = this.#frame ?? this.#makeFrame();
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.#address();
    form.target = frame.name;
    form.hidden = true;
    const field = document.createElement("input");
    field.name = "token";
    field.value = token;
    form.append(field);
    this.append(form);
    form.submit();
    form.remove();
  }

  #makeFrame(): HTMLIFrameElement {
    const frame = document.createElement("iframe");
    frame.name = `millrace-embed-${++frames}-${Date.now()}`;
    frame.title = this.getAttribute("label") ?? "Usage";
    Object.assign(frame.style, { display: "block", inlineSize: "100%", blockSize: `${FIRST_HEIGHT}px`, border: "0" });
    if (this.style.display === "") this.style.display = "block";
    this.append(frame);
    this.#frame = frame;
    return frame;
  }

  #address(): string {
    const address = new URL("/embed", this.#origin());
    for (const name of ["panel", "range"]) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    return address.href;
  }

  #origin(): string {
    return new URL(this.getAttribute("src") ?? "", document.baseURI).origin;
  }

  async #token(): Promise<string | undefined> {
    try {
      return await (this.getToken ? this.getToken() : this.#fetchToken());
    } catch (error) {
      this.dispatchEvent(new CustomEvent("millrace-error", { detail: error }));
      return undefined;
    }
  }

  async #fetchToken(): Promise<string> {
    const url = this.getAttribute("token-url");
    if (url === null) throw new Error("millrace-embed needs getToken or token-url.");
    const response = await fetch(url, { method: "POST", credentials: "same-origin" });
    if (!response.ok) throw new Error(`There is no token at ${url}: status ${response.status}.`);
    return (await response.text()).trim();
  }

  #onMessage({ source, origin, data }: MessageEvent): void {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#origin()) return;
    const message = data as ToPage;
    if (message.type === "millrace:ready") {
      this.#say({ type: "millrace:hello" });
    } else if (message.type === "millrace:height") {
      this.#frame.style.blockSize = `${Math.min(MOST_HEIGHT, Math.max(0, Math.ceil(message.height)))}px`;
    } else if (message.type === "millrace:renew") {
      void this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const token = await this.#token();
    if (token !== undefined) this.#say({ type: "millrace:token", token });
  }

  #say(message: ToFrame): void {
    this.#frame?.contentWindow?.postMessage(message, this.#origin());
  }
}

/** Makes `<millrace-embed>` known to the page. Does nothing the second time, and where there is no page. */
export function defineMillraceEmbed(): void {
  if (!customElements.get("millrace-embed")) customElements.define("millrace-embed", MillraceEmbed);
}
