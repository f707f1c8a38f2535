import { siteOf } from "./host.ts";

/** Where a visitor was before: the host (an Android app's name for apps) and the path of the page. */
export interface Referrer {
  readonly host: string;
  readonly path: string;
}

/** Apps name themselves where a page has its address (Android's intents, Chrome's custom tabs). */
const APP = /^(?:android-app|ios-app):\/\/([A-Za-z0-9._-]+)(\/[^?#]*)?/;

/** Reads an address that may refer: http(s), or an app. Undefined for anything else. */
export function parseReferrer(text: string | undefined): Referrer | undefined {
  if (!text) return undefined;
  const app = APP.exec(text);
  if (app) return { host: (app[1] ?? "").toLowerCase(), path: app[2] ?? "/" };
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return { host: siteOf(url.hostname), path: url.pathname };
}

/** An app's referrer without anything behind its path; undefined for what is no app's. */
export function appReferrer(text: string): string | undefined {
  return APP.exec(text)?.[0];
}
