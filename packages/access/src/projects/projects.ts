import {
  MillraceError,
  parseZone,
  zoneId,
  type Clock,
  type RandomBytes,
  type Registry,
  type RegistryKey,
} from "@millrace/core";
import type { Project } from "./project.ts";

export interface NewProject {
  readonly name: string;
  /** IANA name in any case. Default UTC. */
  readonly timezone?: string;
  readonly redirectHosts?: readonly string[];
}

export type ProjectChange = Partial<Omit<Project, "id" | "createdAt">>;

/** The projects of this installation. */
export interface Projects {
  /** @throws MillraceError `InvalidParameterError` for an empty name or an unknown time zone. */
  create(project: NewProject): Promise<Project>;
  get(id: string): Promise<Project | undefined>;
  /** All of them, by id. */
  list(): Promise<Project[]>;
  /** Replaces what the change names. @throws MillraceError `ResourceNotFoundError` for an unknown project. */
  update(id: string, change: ProjectChange): Promise<Project>;
}

const PARTITION = "projects";
const ID_BYTES = 12;
const MAX_NAME_CHARS = 200;

/** @param onChange called after every change, so that caches can forget */
export function createProjects(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  onChange: () => void;
}): Projects {
  const { registry, clock, random, onChange } = deps;
  const get = async (id: string) => (await registry.get<Project>(projectKey(id)))?.value;
  return {
    async create({ name, timezone = "UTC", redirectHosts = [] }) {
      const project: Project = {
        id: Buffer.from(random(ID_BYTES)).toString("hex"),
        name: readName(name),
        timezone: zoneId(parseZone(timezone)),
        createdAt: clock.now(),
        redirectHosts: redirectHosts.map((host) => host.toLowerCase()),
      };
      const created = await registry.put(projectKey(project.id), project, { if: "absent" });
      if (!created) throw new MillraceError("InternalServerError", "The new project's id is taken. Try again.");
      onChange();
      return project;
    },
    get,
    async list() {
      return (await registry.list<Project>(PARTITION)).map((item) => item.value);
    },
    async update(id, change) {
      for (;;) {
        const item = await registry.get<Project>(projectKey(id));
        if (!item) throw projectNotFound();
        const project: Project = { ...item.value, ...change };
        if (!(await registry.put(item.key, project, { if: item.version }))) continue;
        onChange();
        return project;
      }
    },
  };
}

/** @throws MillraceError `InvalidParameterError` */
export function readName(text: string): string {
  const name = text.trim();
  if (name === "") throw new MillraceError("InvalidParameterError", "A project needs a name.");
  if (name.length <= MAX_NAME_CHARS) return name;
  throw new MillraceError("InvalidParameterError", `The name of a project has at most ${MAX_NAME_CHARS} characters.`);
}

function projectKey(id: string): RegistryKey {
  return { partition: PARTITION, sort: id };
}

/** The answer for a project nobody knows, also when the key is bad (keen-compatible: existence comes first). */
export function projectNotFound(): MillraceError {
  return new MillraceError("ResourceNotFoundError", "Resource not found. There is no such project.");
}
