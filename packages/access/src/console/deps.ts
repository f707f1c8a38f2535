import type { Clock, RandomBytes, Registry } from "@millrace/core";
import type { Context } from "hono";
import type { Access } from "../authenticate.ts";
import type { OpenId } from "../people/openid.ts";

/** What the console is made of, wherever it runs. */
export interface ConsoleDeps {
  readonly access: Access;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The address people open, without a slash at its end. It is never taken from a header that a client can choose. */
  readonly publicUrl: (c: Context) => string;
  /** Whole address of who asks; undefined where it cannot be told. */
  readonly addressOf: (c: Context) => string | undefined;
  /** Begins the name of the cookies. Browsers keep them by host and not by port: two servers on one machine need two. */
  readonly cookiePrefix: () => string;
  /** Absent: nobody signs in by OpenID Connect. */
  readonly openId?: OpenId;
  /** Where people are told to look for a way in: the terminal, on one machine. */
  readonly hint?: string;
}
