import { UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  GET: "ESHttpGet",
  HEAD: "ESHttpHead",
  PUT: "ESHttpPut",
  POST: "ESHttpPost",
  DELETE: "ESHttpDelete",
  PATCH: "ESHttpPatch",
};

/**
 * A request to a domain: the method is the action, the path belongs to the resource.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 */
export function openSearchCall({ host, method, target }: Incoming, { domainAt }: Account): Call {
  const domain = domainAt(host);
  const action = ACTIONS[method];
  if (domain === undefined || action === undefined) throw new UnknownCall(`${method} at ${host} is not known here.`);
  const path = target.split("?")[0] ?? "";
  const needs = [{ action: `es:${action}`, resource: `${domain}${path}`, context: {} }];
  return { service: "es", operation: action, needs, target: `domain${path}` };
}
