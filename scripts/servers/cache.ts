import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where downloaded servers are unpacked: `MILLRACE_CACHE`, else `$XDG_CACHE_HOME/millrace`, else `~/.cache/millrace`. Root's
 * home is closed to other users, and OpenSearch (which refuses root) must be able to read its files, so root uses
 * `/var/cache/millrace`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, isRoot: boolean = process.getuid?.() === 0): string {
  if (env["MILLRACE_CACHE"]) return env["MILLRACE_CACHE"];
  if (isRoot) return "/var/cache/millrace";
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "millrace");
}
