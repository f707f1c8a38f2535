import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A mistake that was in this project once, or could be: a rehearsal must not let it pass. */
export interface Fault {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** What a rehearsal then finds, and in which step. */
  readonly found: string;
}

/** By name, for `npm run rehearse -- --fault NAME`. The text must be in the file once, so that this list cannot fall behind. */
export const FAULTS = {
  "broken-build": {
    file: "stacks/web.ts",
    from: "npm run build:site",
    to: "npm run build:nothing",
    found: "deploy: the site's build fails, and the deploy with it",
  },
  "missing-setting": {
    file: "stacks/store.ts",
    from: "  OPENSEARCH_SHARDS: String(domainSize.shards),\n",
    to: "",
    found: "deploy: functions do not start under the settings that they got",
  },
  "empty-cors": {
    file: "stacks/api.ts",
    from: "    api: (args) => void delete args.corsConfiguration,\n",
    to: "",
    found: "deploy: CreateApi with a CORS configuration",
  },
  "not-minified": {
    file: "stacks/nodejs.ts",
    from: "minify: true",
    to: "minify: false",
    found: "deploy: code in the zips is not minified, some is beyond the limit",
  },
  "dead-pane": {
    file: "stacks/web.ts",
    from: 'command: "npm run dev", directory: "web"',
    to: 'command: "npm run dev -w web", directory: "web"',
    found: "dev: the Web pane ends with an error of npm",
  },
  "missing-statement": {
    file: "stacks/ingest.ts",
    from: '    { actions: ["sqs:SendMessage"], resources: [queue.arn] },\n',
    to: "",
    found: "run: a denied call",
  },
  "missing-path": {
    file: "stacks/query.ts",
    from: "[...readStore, ...findEvents]",
    to: "[...readStore]",
    found: "run: a denied call, of an extraction of more than one page",
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** The file's text with the fault put in. @throws Error when the text is not there exactly once */
export function withFault(text: string, { file, from, to }: Omit<Fault, "found">): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`The fault no longer fits ${file}: "${from.trim()}" is not there exactly once.`);
  return before + to + after;
}

/** Puts a fault into a tree. Its files are copies; its packages are not, and no fault is in those. */
export async function putFault(tree: string, name: FaultName): Promise<void> {
  const fault = FAULTS[name];
  const file = join(tree, fault.file);
  await writeFile(file, withFault(await readFile(file, "utf8"), fault));
}
