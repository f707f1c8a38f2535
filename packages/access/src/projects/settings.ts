import { MillraceError } from "@millrace/core";
import type { Project } from "./project.ts";
import type { ProjectChange, Projects } from "./projects.ts";

/** What an operator says of one project. What is absent stays as it is. */
export interface ProjectSettings {
  readonly project: string;
  /** Replaces the list of hosts that a recording link may lead to: names without scheme and port. */
  readonly redirectHosts?: readonly string[] | undefined;
  /** What `${keen.ip}` gives: the address as it is, or its network. */
  readonly addresses?: "whole" | "cut" | undefined;
}

const MAX_HOSTS = 100;
/** As they stand in an address: names beyond ASCII in their xn-- form. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Changes the settings of a project; other processes notice within a minute.
 * @throws MillraceError `InvalidParameterError` naming a bad host, `ResourceNotFoundError` for an unknown project
 */
export async function changeSettings(
  projects: Pick<Projects, "update">,
  { project, redirectHosts, addresses }: ProjectSettings,
): Promise<Project> {
  const change: ProjectChange = {
    ...(redirectHosts && { redirectHosts: hostsOf(redirectHosts) }),
    ...(addresses && { wholeAddresses: addresses === "whole" }),
  };
  return projects.update(project, change);
}

function hostsOf(hosts: readonly string[]): string[] {
  if (hosts.length > MAX_HOSTS) throw badHosts(`${hosts.length} hosts; ${MAX_HOSTS} are possible.`);
  return hosts.map((host) => {
    const name = host.toLowerCase();
    if (HOST.test(name) && URL.parse(`https://${name}`)?.hostname === name) return name;
    throw badHosts(`"${host.slice(0, 60)}" is not the name of a host, such as shop.example.com.`);
  });
}

function badHosts(problem: string): MillraceError {
  return new MillraceError("InvalidParameterError", `redirectHosts: ${problem}`);
}
