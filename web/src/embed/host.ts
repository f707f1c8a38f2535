import type { ToFrame, ToPage } from "@millrace/client/embed-messages";

/** The page that holds this one. */
export interface Host {
  /** Tells it how high the content is. */
  fit(height: number): void;
  /** A newer token from it. @throws Error when it has none within {@link RENEWAL_MS} */
  renew(): Promise<string>;
}

const RENEWAL_MS = 30_000;

/**
 * Listens to the page that holds this one, if the token names its origin: what any other says is not heard, and none is told anything. That
 * this page is shown in no other is up to its `frame-ancestors`.
 */
export function listenToHost(origins: readonly string[]): Host {
  let host: string | undefined;
  let height: number | undefined;
  let waiting: ((token: string) => void)[] = [];
  const say = (message: ToPage): void => {
    if (host !== undefined) window.parent.postMessage(message, host);
  };
  const fit = (wanted: number): void => {
    height = wanted;
    say({ type: "millrace:height", height });
  };
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || !origins.includes(origin)) return;
    // Extensions of the browser speak in the name of the page, in their own words.
    const message = (data ?? {}) as Partial<ToFrame>;
    if (message.type === "millrace:hello") {
      host = origin;
      if (height !== undefined) fit(height);
    } else if (message.type === "millrace:token" && "token" in message && typeof message.token === "string") {
      for (const resolve of waiting) resolve(message.token);
      waiting = [];
    }
  });
  const ready: ToPage = { type: "millrace:ready" };
  window.parent.postMessage(ready, "*");
  return {
    fit,
    renew() {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      waiting.push(resolve);
      say({ type: "millrace:renew" });
      setTimeout(() => reject(new Error("The page has no newer token.")), RENEWAL_MS);
      return promise;
    },
  };
}
