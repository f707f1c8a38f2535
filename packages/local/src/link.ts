// `npm run link`: prints a new link to the dashboard of the server that runs on this data folder.
import { join } from "node:path";
import { isObject } from "@millrace/core";
import { readConfig } from "./config.ts";
import { readDemo } from "./demo.ts";
import { plainCommand } from "./plain-command.ts";

plainCommand(`npm run link       a new link to the dashboard of the server on this machine: it works once, for one browser

  MILLRACE_DATA      folder of the data, default .millrace`);

const { dataFolder } = readConfig(process.env);
const file = join(dataFolder, "demo.json");
const demo = await readDemo(file);
if (!demo) {
  console.error(`There is no ${file}. Start the server first: npm start (MILLRACE_DATA names another folder).`);
  process.exit(1);
}
try {
  const response = await fetch(`${demo.url}/console/links`, {
    method: "POST",
    headers: { authorization: demo.masterKey },
  });
  const answer: unknown = await response.json();
  if (!isObject(answer) || typeof answer["link"] !== "string") throw new Error(`it answered ${response.status}`);
  console.log(answer["link"]);
} catch (error) {
  console.error(`The server at ${demo.url} cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
