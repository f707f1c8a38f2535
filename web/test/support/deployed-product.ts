import { randomUUID } from "node:crypto";
import type { Product } from "./product.ts";

/** A stage that was deployed, and what opens it. */
export interface Deployed {
  /** Where CloudFront answers, without a slash at the end. */
  readonly url: string;
  /** Of its organisation, which may make projects and invite people. */
  readonly organisationKey: string;
}

/** The stage that this run is told to look at, by `MILLRACE_STAGE_URL` and `MILLRACE_STAGE_KEY`. Undefined: none, so this machine's. */
export function deployedIn(env: NodeJS.ProcessEnv): Deployed | undefined {
  const { MILLRACE_STAGE_URL: url, MILLRACE_STAGE_KEY: organisationKey } = env;
  if (url === undefined) return undefined;
  if (organisationKey === undefined) throw new Error("MILLRACE_STAGE_URL needs MILLRACE_STAGE_KEY beside it.");
  return { url, organisationKey };
}

/**
 * A project of its own on a deployed stage, and an owner who has joined there: everything as anybody would do it, over HTTP. Closing
 * removes the owner and archives the project; what was recorded stays until retention takes it.
 * @throws Error with the answer that was none
 */
export async function openDeployed({ url, organisationKey }: Deployed): Promise<Product> {
  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/console${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const asOwner = { authorization: organisationKey };

  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { project, ...keys } = (await (
    await ask("POST", "/projects", { name: "Demo", timezone }, asOwner)
  ).json()) as Made;
  const email = `looks-${randomUUID()}@example.com`;
  const { link } = (await (await ask("POST", "/invitations", { email, role: "owner" }, asOwner)).json()) as {
    link: string;
  };
  const joining = { token: link.split("#token=")[1], name: "Looks", password: randomUUID() };
  const joined = await ask("POST", "/invitations/accept", joining, { "x-millrace-csrf": "none" });
  const [name = "", value = ""] = joined.headers.getSetCookie()[0]?.split(/[=;]/) ?? [];

  return {
    demo: { url, project: project.id, ...keys },
    address(path) {
      // There are other projects, and which of them is the first is not ours to say. A page's own address says it already.
      const [page = "", fragment] = path.split("#");
      const chosen = /[?&]project=/.test(page) ? page : `${page}${page.includes("?") ? "&" : "?"}project=${project.id}`;
      return url + chosen + (fragment === undefined ? "" : `#${fragment}`);
    },
    admit: (context) =>
      context.addCookies([
        { name, value, url: `${url}/console`, secure: true, httpOnly: true, sameSite: "Strict" as const },
      ]),
    async close() {
      await ask("PUT", `/projects/${project.id}`, { archived: true }, asOwner);
      const { people } = (await (await ask("GET", "/people", undefined, asOwner)).json()) as People;
      for (const person of people)
        if (person.email === email) await ask("DELETE", `/people/${person.id}`, undefined, asOwner);
    },
  };
}

interface Made {
  readonly project: { readonly id: string };
  readonly writeKey: string;
  readonly readKey: string;
  readonly masterKey: string;
}

interface People {
  readonly people: readonly { readonly id: string; readonly email: string }[];
}
