import { delimiter, dirname } from "node:path";

/** The environment in which `node` is this very Node, whatever the machine has. @param node path of the running binary */
export function withNodeFirst(env: NodeJS.ProcessEnv, node: string): NodeJS.ProcessEnv {
  // On Windows the variable may be spelt `Path`; a second one beside it would win or lose by chance.
  const name = Object.keys(env).find((each) => each.toUpperCase() === "PATH") ?? "PATH";
  return { ...env, [name]: [dirname(node), env[name]].filter(Boolean).join(delimiter) };
}
