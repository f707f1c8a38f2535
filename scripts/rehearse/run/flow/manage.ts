import type { Flow } from "./step.ts";

/** Asks for a path of the project with its master key. */
export function manage({ caller, shop }: Flow, method: string, path: string, body?: object) {
  const headers = { authorization: shop.masterKey, "content-type": "application/json" };
  const target = `/3.0/projects/${shop.project.id}${path}`;
  return caller.send(method, target, headers, body && JSON.stringify(body));
}
