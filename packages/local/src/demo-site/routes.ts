import type { Route } from "@millrace/access";
import { MillraceError } from "@millrace/core";
import type { Context } from "hono";
import type { Traffic } from "./traffic.ts";

const PATH = "/console/demo/traffic";

/**
 * Plays visitors and tells how far they have come, for a browser with a session. The header is asked for because a page on another
 * port of this machine is the same site to a browser, and its forms bring the cookie; no form brings a header.
 * @param checkSession throws for a browser without one
 */
export function demoRoutes(traffic: Traffic, checkSession: (c: Context) => Promise<void>): Route[] {
  const check = async (c: Context): Promise<void> => {
    c.header("Cache-Control", "no-store");
    if (c.req.header("x-millrace-demo") !== "1") {
      throw new MillraceError("InvalidApiKeyError", "Only the demo site itself may ask for this.");
    }
    await checkSession(c);
  };
  return [
    {
      method: "GET",
      path: PATH,
      class: "console",
      summary: "How far the visitors of the demo site have come.",
      handler: async (c) => {
        await check(c);
        return c.json(traffic.status());
      },
    },
    {
      method: "POST",
      path: PATH,
      class: "console",
      summary: "Plays a day of visitors of the demo site.",
      handler: async (c) => {
        await check(c);
        traffic.play();
        return c.json(traffic.status(), 202);
      },
    },
  ];
}
