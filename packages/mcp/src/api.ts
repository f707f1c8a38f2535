/** The public API as this package uses it: one request with a path, whoever serves it (the same process, or the gateway). */
export type CallApi = (request: {
  readonly method: "GET" | "POST";
  /** From the root, such as `/3.0/projects`. */
  readonly path: string;
  readonly key: string;
  /** JSON text. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}) => Promise<Response>;

/** What the API said: the JSON of a 2xx, or its word on what was wrong. */
export type Said = { readonly ok: true; readonly value: unknown } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly message: string;
  readonly code: string;
}

/**
 * The API with one key, inside that key's project. There is no other way from a tool to data: whatever the key may not see, the
 * API does not say, so this package has no walls of its own that could be lower.
 */
export interface ProjectApi {
  readonly project: { readonly id: string; readonly name: string };
  get(path: string, signal?: AbortSignal): Promise<Said>;
  ask(path: string, question: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Said>;
}

/**
 * Finds the project a key belongs to.
 * @returns what the API said against it when it did
 */
export async function openProject(call: CallApi, key: string): Promise<ProjectApi | Refusal> {
  const said = await read(await call({ method: "GET", path: "/3.0/projects", key }));
  if (!said.ok) return said;
  const [project] = Array.isArray(said.value) ? (said.value as { id: string; name: string }[]) : [];
  if (!project) return unreadable(200);
  const root = `/3.0/projects/${encodeURIComponent(project.id)}`;
  return {
    project: { id: project.id, name: project.name },
    get: async (path, signal) => read(await call({ method: "GET", path: root + path, key, ...(signal && { signal }) })),
    ask: async (path, question, signal) => {
      const body = JSON.stringify(question);
      return read(await call({ method: "POST", path: root + path, key, body, ...(signal && { signal }) }));
    },
  };
}

async function read(response: Response): Promise<Said> {
  const value = await response.json().catch(() => undefined);
  if (response.ok && value !== undefined) return { ok: true, value };
  const { message, error_code: code } = (value ?? {}) as { message?: unknown; error_code?: unknown };
  if (typeof message !== "string" || typeof code !== "string") return unreadable(response.status);
  return { ok: false, status: response.status, message, code };
}

function unreadable(status: number): Refusal {
  return {
    ok: false,
    status,
    message: `The API gave no readable answer (status ${status}).`,
    code: "UnreadableAnswer",
  };
}
