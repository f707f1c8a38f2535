import { isObject } from "@millrace/core";

/**
 * Puts saved objects into a running Dashboards, in place of those with the same ids. Safe to repeat.
 * @param url its address, with its base path (`/_dashboards` on Amazon's)
 * @param authorization of the header, where it wants one
 * @returns how many objects it took
 * @throws Error for people: what it says
 */
export async function importObjects(url: string, ndjson: string, authorization?: string): Promise<number> {
  const form = new FormData();
  // It takes no file of another name.
  form.append("file", new Blob([ndjson], { type: "application/ndjson" }), "millrace.ndjson");
  const address = `${url.replace(/\/+$/, "")}/api/saved_objects/_import?overwrite=true`;
  const headers = { "osd-xsrf": "true", ...(authorization !== undefined && { authorization }) };
  const answer = await fetch(address, { method: "POST", headers, body: form }).catch((cause: unknown) => {
    throw new Error(`Nothing answers at ${url}.`, { cause });
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok || !isObject(said)) throw new Error(`${url} answered ${answer.status}: ${JSON.stringify(said)}`);
  if (said["success"] !== true) throw new Error(`${url} did not take all of it: ${JSON.stringify(said["errors"])}`);
  return Number(said["successCount"]);
}
