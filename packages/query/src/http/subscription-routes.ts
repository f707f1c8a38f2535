import type { Operation, Route } from "@millrace/access";
import { MillraceError } from "@millrace/core";
import type { QueryDeps } from "../deps.ts";
import { refuseUnknown } from "../parse/known.ts";
import { endSubscriptions, ownSubscriptions, showSubscription, subscribe } from "../sending/subscriptions.ts";
import { authenticated, param, routesUnder } from "./asking.ts";
import {
  OWN_SUBSCRIPTIONS,
  SUBSCRIPTION_BODY,
  SUBSCRIPTION_EXAMPLE,
  SUBSCRIPTION_RESOURCE,
} from "./openapi-sending.ts";

type Sends = NonNullable<QueryDeps["sending"]>;

/** `…/embed/reports`, with an embed token that allows `reports`; `…/subscriptions`, the same for whoever operates the project. */
export function subscriptionRoutes(deps: QueryDeps, sending: Sends): Route[] {
  const own = routesUnder("/embed/reports");
  const all = routesUnder("/subscriptions");
  return [
    own(
      "GET",
      "",
      "The reports that the viewer gets, and the addresses that they may go to.",
      authenticated(deps, "reports", async (_c, { grant, raw }) => {
        refuseUnknown(raw, { known: [], passed: ["api_key", "jsonp"], of: "reports" });
        const subscriptions = await ownSubscriptions(sending, grant);
        return {
          addresses: [...(grant.embed?.recipients ?? [])],
          subscriptions: subscriptions.map(showSubscription),
        };
      }),
      { answers: ok(200, OWN_SUBSCRIPTIONS) },
    ),
    own(
      "POST",
      "",
      "Sends a report of what the page shows to one of the token's addresses, each day or week; for three months.",
      authenticated(deps, "reports", async (c, { grant, raw }) =>
        c.json(showSubscription(await subscribe(deps, sending, grant, raw)), 201),
      ),
      { body: SUBSCRIPTION_BODY, example: SUBSCRIPTION_EXAMPLE, answers: ok(201, SUBSCRIPTION_RESOURCE) },
    ),
    own(
      "DELETE",
      "/:subscription",
      "Ends one of the viewer's reports.",
      authenticated(deps, "reports", async (c, { grant }) => {
        const ids = (await ownSubscriptions(sending, grant)).map(({ id }) => id);
        const wanted = param(c, "subscription");
        demandOne(await endSubscriptions(deps, grant, ({ id }) => id === wanted && ids.includes(id)));
        return c.body(null, 204);
      }),
      GONE,
    ),
    all(
      "GET",
      "",
      "The reports that viewers asked for.",
      authenticated(deps, "operate", async (_c, { grant, raw }) => {
        refuseUnknown(raw, { known: [], passed: ["api_key", "jsonp"], of: "subscriptions" });
        const listed = await sending.subscriptions.list(grant.project.id);
        return listed.map((each) => ({ ...showSubscription(each), customer: each.customer }));
      }),
      { answers: ok(200, { type: "array", items: SUBSCRIPTION_RESOURCE }) },
    ),
    all(
      "DELETE",
      "/:subscription",
      "Ends a report that a viewer asked for.",
      authenticated(deps, "operate", async (c, { grant }) => {
        const wanted = param(c, "subscription");
        demandOne(await endSubscriptions(deps, grant, ({ id }) => id === wanted));
        return c.body(null, 204);
      }),
      GONE,
    ),
  ];
}

const GONE: Operation = { answers: { 204: { description: "It is gone." } } };

function demandOne(ended: number): void {
  if (ended === 0)
    throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such subscription.");
}

function ok(status: number, schema: object): Operation["answers"] {
  return { [status]: { description: "The answer.", content: { "application/json": { schema } } } };
}
