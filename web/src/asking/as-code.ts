import { t } from "../language/words.ts";
import type { AskedQuestion } from "./question.ts";

/** The forms in which a question can be taken elsewhere. The key is never in them: who uses them has one of their own. */
export const CODE_FORMS = [
  { value: "json", label: "JSON" },
  { value: "curl", label: "curl" },
  { value: "sdk", label: "SDK" },
  { value: "mcp", label: t("Assistant") },
] as const;
export type CodeForm = (typeof CODE_FORMS)[number]["value"];

interface Where {
  /** Of the API, without a slash at its end. */
  readonly origin: string;
  readonly project: string;
}

/** The tool of our MCP server that answers an analysis. */
function toolOf({ analysis_type: analysis, ...rest }: AskedQuestion): string {
  if (isAboutActors(analysis)) return analysis;
  return "compare_to" in rest && rest.compare_to !== undefined ? "compare" : "query";
}

/** These have tools of their own name. */
function isAboutActors(analysis: string): boolean {
  return analysis === "funnel" || analysis === "retention" || analysis === "paths";
}

/** The question in one of the forms. */
export function asCode(form: CodeForm, question: AskedQuestion, { origin, project }: Where): string {
  const { analysis_type: analysis, ...parameters } = question;
  const json = JSON.stringify(parameters, null, 2);
  switch (form) {
    case "json":
      return JSON.stringify(question, null, 2);
    case "curl":
      return [
        `curl "${origin}/3.0/projects/${encodeURIComponent(project)}/queries/${analysis}" \\`,
        `  -H "Authorization: $READ_KEY" -H "Content-Type: application/json" \\`,
        `  -d '${json.replaceAll("'", String.raw`'\''`)}'`,
      ].join("\n");
    case "sdk":
      return [
        `import { createClient } from "@millrace/client";`,
        ``,
        `const client = createClient({`,
        `  url: ${JSON.stringify(origin)},`,
        `  projectId: ${JSON.stringify(project)},`,
        `  readKey: process.env.READ_KEY,`,
        `});`,
        `const answer = await client.query(${JSON.stringify(analysis)}, ${json});`,
      ].join("\n");
    case "mcp":
      return [
        `Ask Millrace, with its tool \`${toolOf(question)}\`, the question below, and tell me in two sentences what the answer says.`,
        `If the answer has notes, say what they mean for the numbers.`,
        ``,
        JSON.stringify(isAboutActors(analysis) ? parameters : { analysis, ...parameters }, null, 2),
      ].join("\n");
  }
}
