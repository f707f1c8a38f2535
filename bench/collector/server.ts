/** Requests to the server as they are, without our store. */
export type Call = <T>(method: string, path: string, body?: string | object) => Promise<T>;

export function caller(url: string): Call {
  return async <T>(method: string, path: string, body?: string | object) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url + path, {
      method,
      ...(text !== undefined && { body: text, headers: { "content-type": "application/x-ndjson" } }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer).slice(0, 500)}`);
    return answer;
  };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
