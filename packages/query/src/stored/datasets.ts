import { MillraceError, type Clock, type JsonObject, type Registry, type RegistryKey } from "@millrace/core";
import { isName } from "./names.ts";

/** A question that is asked for one value of its index properties at a time, such as one customer's page views by day. */
export interface Dataset {
  readonly name: string;
  readonly displayName: string;
  readonly analysis: string;
  /** Its parameters, without `analysis_type`. */
  readonly parameters: JsonObject;
  readonly indexBy: readonly string[];
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** Of one project: a list shows how many there are, so all are read for it. */
const MOST = 1_000;

export interface Datasets {
  get(project: string, name: string): Promise<Dataset | undefined>;
  /** All of them, by name. */
  list(project: string): Promise<Dataset[]>;
  /** @throws MillraceError `InvalidParameterError` where the name is taken, or there are {@link MOST} */
  create(project: string, dataset: Omit<Dataset, "createdAt">): Promise<Dataset>;
  /** False when there was none. */
  delete(project: string, name: string): Promise<boolean>;
}

export function createDatasets({ registry, clock }: { registry: Registry; clock: Clock }): Datasets {
  const get = async (project: string, name: string) =>
    isName(name) ? (await registry.get<Dataset>(keyOf(project, name)))?.value : undefined;
  const list = async (project: string) =>
    (await registry.list<Dataset>(partitionOf(project))).map(({ value }) => value);
  return {
    get,
    list,
    async create(project, definition) {
      const dataset: Dataset = { ...definition, createdAt: clock.now() };
      if ((await list(project)).length >= MOST) throw refused(`A project has at most ${MOST} datasets.`);
      if (await registry.put(keyOf(project, dataset.name), dataset, { if: "absent" })) return dataset;
      throw refused(`There is a dataset "${dataset.name}" already, and datasets are not changed: delete it first.`);
    },
    async delete(project, name) {
      if ((await get(project, name)) === undefined) return false;
      await registry.delete(keyOf(project, name));
      return true;
    },
  };
}

function refused(message: string): MillraceError {
  return new MillraceError("InvalidParameterError", message);
}

function partitionOf(project: string): string {
  return `dataset:${project}`;
}

function keyOf(project: string, name: string): RegistryKey {
  return { partition: partitionOf(project), sort: name };
}
