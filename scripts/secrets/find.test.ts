import { expect, test } from "vitest";
import { findSecrets } from "./find.ts";

// Put together here, so that this file holds none.
const SECRETS: readonly [kind: string, text: string][] = [
  ["a token of GitHub", `const token = "ghp_${"a1B2c3D4".repeat(5).slice(0, 36)}";`],
  ["a webhook of Slack", `https://hooks.slack.com/services/T${"0A1".repeat(3)}/B${"0A1".repeat(3)}/${"aB3".repeat(8)}`],
  ["a password in an address", `postgres://admin:${"s3cr3t".repeat(2)}@db.internal:5432/events`],
  [
    "a private key",
    `-----BEGIN RSA PRIVATE KEY-----\n${`${"MIIEow1B".repeat(8)}\n`.repeat(12)}-----END RSA PRIVATE KEY-----`,
  ],
];

test.each(SECRETS)("%s is found, with its line, and is not repeated", async (_kind, text) => {
  const [found, ...more] = await findSecrets("a.ts", `// a\n${text}\n`);
  expect(more).toEqual([]);
  expect(found?.line).toBe(2);
  expect(text).not.toContain(found?.message.slice(-20));
});

test("what an example says is none", async () => {
  expect(await findSecrets("a.md", "Authorization: $MASTER_KEY\nAWS_SECRET_ACCESS_KEY=local\n")).toEqual([]);
});
