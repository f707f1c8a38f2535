import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { parseArgs } from "node:util";

export const REDRIVE_USAGE = `redrive [--project P]
                       puts the dead letters of the embedded queue back into it, or one project's, to be collected at
                       the next start`;

/**
 * @param path the embedded queue's file, which no server may have open
 * @param args what follows the command
 * @throws Error for people: what is wrong with the arguments, or with the file
 */
export async function redrive(path: string, args: readonly string[], print: (line: string) => void): Promise<void> {
  const { project } = parseArgs({ args: [...args], options: { project: { type: "string" } } }).values;
  const queue = await createEmbeddedQueue({ path });
  try {
    const count = await queue.redrive(project === undefined ? {} : { group: project });
    print(`${count} dead ${count === 1 ? "letter is" : "letters are"} back in the queue.`);
  } finally {
    await queue.close();
  }
}
