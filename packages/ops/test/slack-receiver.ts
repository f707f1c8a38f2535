import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An incoming webhook that takes what Slack takes, and refuses what Slack refuses in Slack's words. */
export interface SlackReceiver {
  readonly url: string;
  /** Texts of the messages that were taken, blocks included, oldest first. */
  readonly messages: readonly string[];
  /** Why messages were refused. */
  readonly refusals: readonly string[];
  /** Answers the next request so, instead. */
  answerNext(status: number, headers?: Readonly<Record<string, string>>): void;
  close(): void;
}

const MAX_BLOCKS = 50;
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_FIELDS = 10;
const MAX_FIELD = 2_000;
const MAX_ELEMENTS = 10;
const MAX_ALL = 13_000;

interface Text {
  readonly type?: unknown;
  readonly text?: unknown;
}
interface Block {
  readonly type?: unknown;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly Text[];
}

export async function startSlackReceiver(): Promise<SlackReceiver> {
  const messages: string[] = [];
  const refusals: string[] = [];
  const next: ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const special = next.shift();
      if (special) return special(response);
      const problem = request.method === "POST" ? problemOf(body) : "invalid_method";
      if (problem !== undefined) {
        refusals.push(problem);
        return response.writeHead(400).end(problem);
      }
      messages.push(body);
      return response.writeHead(200).end("ok");
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/secret`,
    messages,
    refusals,
    answerNext: (status, headers = {}) => void next.push((response) => response.writeHead(status, headers).end()),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function problemOf(body: string): string | undefined {
  let message: { text?: unknown; blocks?: readonly Block[] };
  try {
    message = JSON.parse(body) as typeof message;
  } catch {
    return "invalid_payload";
  }
  const { text, blocks = [] } = message;
  if (typeof text !== "string" || text === "") return "no_text";
  if (blocks.length > MAX_BLOCKS) return "too_many_blocks";
  if (blocks.some((block) => !isValid(block))) return "invalid_blocks";
  return JSON.stringify(blocks).length > MAX_ALL ? "msg_blocks_too_long" : undefined;
}

function isValid({ type, text, fields, elements }: Block): boolean {
  if (type === "header") return text?.type === "plain_text" && within(text, MAX_HEADER);
  if (type === "section") {
    const isTextFine = text === undefined ? fields !== undefined : isMarkdown(text, MAX_SECTION);
    return (
      isTextFine && (fields ?? []).length <= MAX_FIELDS && (fields ?? []).every((field) => isMarkdown(field, MAX_FIELD))
    );
  }
  if (type === "context") return (elements?.length ?? 0) > 0 && (elements?.length ?? 0) <= MAX_ELEMENTS;
  return type === "divider";
}

/** Text in which an `<` that is no link, mention or date was forgotten. */
function isMarkdown(text: Text, most: number): boolean {
  const isEscaped = !/<(?!https?:\/\/|!date\^)/.test(String(text.text)) && !/&(?!amp;|lt;|gt;)/.test(String(text.text));
  return text.type === "mrkdwn" && within(text, most) && isEscaped;
}

function within({ text }: Text, most: number): boolean {
  return typeof text === "string" && text.length > 0 && text.length <= most;
}
