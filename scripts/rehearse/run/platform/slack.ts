import type { IncomingMessage, ServerResponse } from "node:http";

/** Who answers for `hooks.slack.com`. */
export interface Slack {
  readonly host: string;
  /** Texts that were posted, and to which path. */
  readonly posts: readonly { readonly path: string; readonly text: string }[];
  readonly answer: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;
}

export function startSlack(): Slack {
  const posts: { path: string; text: string }[] = [];
  return {
    host: "hooks.slack.com",
    posts,
    answer(request, body, response) {
      const { text } = JSON.parse(body.toString()) as { text: string };
      posts.push({ path: request.url ?? "", text });
      response.writeHead(200, { "content-type": "text/html" }).end("ok");
    },
  };
}
