import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, ofType, type Graph } from "./graph.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What is wrong with what a deploy or `sst dev` runs on this machine; one sentence each. */
export function commandFindings(graph: Graph): string[] {
  return [...siteBuilds(graph), ...panes(graph), ...bundles(graph)];
}

function siteBuilds(graph: Graph): string[] {
  return ofType(graph, "command:local:Command").flatMap((build) => {
    const command = String(at(build, "create"));
    return [
      ...notAScript(build.name, command, "."),
      ...(command === "npm run build:site"
        ? []
        : [
            `${build.name} builds more than the site: a check of the functions' bundles would then stop a deploy half way.`,
          ]),
    ];
  });
}

function panes(graph: Graph): string[] {
  return ofType(graph, "sst:pane").flatMap((pane) =>
    notAScript(pane.name, String(at(pane, "command")), String(at(pane, "directory"))),
  );
}

/** Nothing but `npm run NAME` of the folder's own package: inside a workspace npm does not find the workspace by its name. */
function notAScript(name: string, command: string, folder: string): string[] {
  const script = /^npm run ([\w:-]+)$/.exec(command)?.[1];
  const { scripts } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  return script !== undefined && script in scripts
    ? []
    : [`${name} runs "${command}", which is no script of ${folder}/package.json.`];
}

function bundles(graph: Graph): string[] {
  return ofType(graph, "sst:build")
    .filter((build) => at(build, "properties", "minify") !== true)
    .map(({ name }) => `${name} is not minified, and the size gate measures minified bundles.`);
}
