import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { extname } from "node:path";

/** What documents write for a secret, so that everybody sees that it is none. */
const EXAMPLES = ["https://hooks.slack.com/services/T000/B000/XXXX"];

const config = {
  rules: [
    {
      id: "@secretlint/secretlint-rule-preset-recommend",
      rule: creator,
      rules: [{ id: "@secretlint/secretlint-rule-slack", options: { allows: EXAMPLES } }],
    },
  ],
};

/** What looks like a secret in a file: its line, and which kind it is, without its text. */
export async function findSecrets(
  filePath: string,
  content: string,
): Promise<{ readonly line: number; readonly message: string }[]> {
  const source = { filePath, content, ext: extname(filePath), contentType: "text" } as const;
  const { messages } = await lintSource({ source, options: { config, maskSecrets: true } });
  return messages.map(({ loc, message }) => ({ line: loc.start.line, message }));
}
