import type { McpServer, StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import type { ProjectApi, Said } from "../api.ts";
import { fit, type RowsOf } from "../fit.ts";

/** One thing that can be asked. */
export interface Tool<Input> {
  readonly name: string;
  readonly title: string;
  /** For the model: what it is for, and when it is the right one. */
  readonly description: string;
  readonly input: StandardSchemaWithJSON<unknown, Input>;
  /** One request of the public API. */
  readonly run: (api: ProjectApi, input: Input, signal: AbortSignal) => Promise<Said>;
  /** What of the answer the model is shown. Default: all of it. */
  readonly shape?: (value: unknown, input: Input) => unknown;
  /** The list in it, of which the first rows are shown when it is too long. */
  readonly rowsOf: (answer: unknown) => RowsOf | undefined;
  /** How to see what was left out. */
  readonly advice: string;
}

/** What all tools are: they ask, and change nothing, neither here nor elsewhere. */
const ANNOTATIONS = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;

/** Adds a tool to the server. A refusal of the API becomes an error result: the model reads its words and may ask rightly. */
export function addTool<Input>(server: McpServer, api: ProjectApi, tool: Tool<Input>): void {
  const { name, title, description, input: inputSchema } = tool;
  server.registerTool<StandardSchemaWithJSON, StandardSchemaWithJSON<unknown, Input>>(
    name,
    { title, description, inputSchema, annotations: ANNOTATIONS },
    async (input, { mcpReq }) => {
      const said = await tool.run(api, input, mcpReq.signal);
      if (!said.ok) return { content: [text(`${said.code}: ${said.message}`)], isError: true };
      const { text: shown, note } = fit(tool.shape?.(said.value, input) ?? said.value, tool.rowsOf, tool.advice);
      return { content: [shown, ...(note === undefined ? [] : [note])].map(text) };
    },
  );
}

function text(said: string): { type: "text"; text: string } {
  return { type: "text", text: said };
}
