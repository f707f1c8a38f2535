import type { Principal, Route } from "@millrace/access";
import type { Named, Report, Unsubscribing, Watch } from "@millrace/ops";
import { param } from "./asking.ts";
import type { QueryDeps } from "../deps.ts";
import { dropSubscription } from "../sending/subscriptions.ts";
import { unsubscribedPage, unsubscribePage } from "../sending/unsubscribe-page.ts";

const PATH = "/3.0/unsubscribe/:token";
const HTML = { content: { "text/html": { schema: { type: "string" } } } };
const PAGE = { answers: { 200: { description: "A page.", ...HTML } } };

type Sends = NonNullable<QueryDeps["sending"]>;

/**
 * `/3.0/unsubscribe/{token}`: the link in a mail. Opening it changes nothing, since programs that look for viruses open every link; its button, and
 * a mail program's own (RFC 8058), post to the same address. A link that is unknown, over or was followed already is answered alike.
 */
export function unsubscribeRoutes({ access }: QueryDeps, sending: Sends): Route[] {
  return [
    {
      method: "GET",
      path: PATH,
      class: "query",
      summary: "A page with a button that ends such mail. It holds nothing of anybody.",
      handler: () => unsubscribePage(),
      operation: PAGE,
    },
    {
      method: "POST",
      path: PATH,
      class: "query",
      summary: "Ends such mail for who got it (RFC 8058).",
      handler: async (c) => {
        const ended = await sending.links.take(param(c, "token"));
        if (ended) {
          await end(sending, ended);
          const who: Principal = { kind: "mail", id: ended.subject.name, name: ended.address };
          const { subject, project, address } = ended;
          const what = `${subject.kind}.unsubscribe` as const;
          await access.audit.record({ who, what, project, target: subject.name, after: { address } });
        }
        return unsubscribedPage();
      },
      operation: PAGE,
    },
  ];
}

/** Takes one mailbox out of what goes to it. */
async function end(sending: Sends, { project, subject, address }: Unsubscribing & { project: string }): Promise<void> {
  if (subject.kind === "subscription") await dropSubscription(sending, project, subject.name);
  else if (subject.kind === "report") await without(sending.reports, project, subject.name, address);
  else await without(sending.watches, project, subject.name, address);
}

async function without<T extends Pick<Report | Watch, "to">>(
  of: Named<T>,
  project: string,
  name: string,
  address: string,
): Promise<void> {
  const thing = await of.get(project, name);
  if (!thing) return;
  const to = thing.to.filter((target) => !(target.kind === "mail" && target.address === address));
  await of.put(project, name, { ...thing, to });
}
