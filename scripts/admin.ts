// `npm run admin -- COMMAND`: projects, keys and people, of this machine or, with --stage, of a stage on AWS.
import type { AdminAnswer } from "../packages/functions/src/admin/commands.ts";
import { USAGE, readAdmin } from "./admin/arguments.ts";
import { runHere } from "./admin/here.ts";
import { show } from "./admin/show.ts";
import { readCommand } from "./command.ts";
import { openAwsStage } from "./ops/aws.ts";

const { command, stage, url, json } = readCommand(USAGE, { allowPositionals: true, ...readAdmin.config }, (parsed) =>
  readAdmin.read(parsed),
);

try {
  const answer: AdminAnswer = await (stage === undefined ? runHere(command) : onStage(stage));
  console.log(json ? JSON.stringify(brief(answer), null, 2) : show(answer, url));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function onStage(name: string): Promise<AdminAnswer> {
  const aws = openAwsStage(name);
  try {
    return await aws.invoke("admin", command);
  } finally {
    aws.close();
  }
}

/** For scripts: of a new project the id and the keys, as demo.json has them. */
function brief(answer: AdminAnswer): object {
  return "masterKey" in answer ? { ...answer, project: answer.project.id } : answer;
}
