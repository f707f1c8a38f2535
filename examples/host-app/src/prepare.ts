import type { Customer } from "./customers.ts";
import { trafficOf } from "./traffic.ts";

/** A project and its master key, as `demo.json` has them. */
export interface Project {
  readonly url: string;
  readonly project: string;
  readonly masterKey: string;
}

/** What a company does once: its back end keeps the secret. */
export async function makeSecret(project: Project): Promise<string> {
  const { secret } = (await call(project, "POST", "/embed-keys")) as { secret: string };
  return secret;
}

/** Page views of some customers, into one collection, told apart by the property `account`. */
export async function recordTraffic(project: Project, customers: readonly Customer[], days: number): Promise<void> {
  const pageviews = customers.flatMap((customer) => trafficOf(customer, days, Date.now()));
  await call(project, "POST", "/events", { pageviews });
}

async function call(
  { url, project, masterKey }: Project,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${url}/3.0/projects/${project}${path}`, {
    method,
    headers: { authorization: masterKey, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
