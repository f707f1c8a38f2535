import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { OpenedSession } from "../people/sessions.ts";
import { SESSION_MS } from "../people/sessions.ts";
import type { ConsoleDeps } from "./deps.ts";

type Naming = Pick<ConsoleDeps, "cookiePrefix" | "publicUrl">;

const PATH = "/console";
const TICKET_SECONDS = 600;

/** Gives the browser its session: no script can read it, and no other site's page sends it. */
export function setSession(c: Context, deps: Naming, { cookie }: OpenedSession): void {
  const maxAge = SESSION_MS / 1000;
  setCookie(c, nameOf(c, deps, ""), cookie, { ...common(c, deps), sameSite: "Strict", maxAge });
}

export function sessionOf(c: Context, deps: Naming): string | undefined {
  return getCookie(c, nameOf(c, deps, ""));
}

export function endSession(c: Context, deps: Naming): void {
  deleteCookie(c, nameOf(c, deps, ""), common(c, deps));
}

/** Ties a sign-in elsewhere to this browser. Lax: the provider's page leads back here, and a strict cookie would stay away. */
export function setTicket(c: Context, deps: Naming, ticket: string): void {
  setCookie(c, nameOf(c, deps, "-openid"), ticket, { ...common(c, deps), sameSite: "Lax", maxAge: TICKET_SECONDS });
}

/** The ticket, which from now on the browser has no more. */
export function takeTicket(c: Context, deps: Naming): string | undefined {
  const ticket = getCookie(c, nameOf(c, deps, "-openid"));
  deleteCookie(c, nameOf(c, deps, "-openid"), common(c, deps));
  return ticket;
}

function common(c: Context, deps: Naming) {
  return { httpOnly: true, path: PATH, secure: isSecure(c, deps) };
}

/** A browser refuses a name with this beginning unless the cookie came over TLS: nobody on the way can plant one. */
function nameOf(c: Context, deps: Naming, part: string): string {
  return `${isSecure(c, deps) ? "__Secure-" : ""}${deps.cookiePrefix()}${part}`;
}

function isSecure(c: Context, deps: Naming): boolean {
  return deps.publicUrl(c).startsWith("https:");
}
