import { MillraceError, type Clock, type RandomBytes, type Registry, type RegistryKey } from "@millrace/core";
import { hashKey } from "./keys.ts";

/** A key for the whole installation: for a program that makes projects for customers who sign up. */
export interface OrganisationKey {
  /** SHA-256 of the key, hex: its text is stored nowhere. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

export interface OrganisationKeys {
  /** Answers the key itself, the only time it is seen. */
  create(name: string): Promise<OrganisationKey & { readonly key: string }>;
  find(key: string): Promise<OrganisationKey | undefined>;
  list(): Promise<OrganisationKey[]>;
  /** @throws MillraceError `ResourceNotFoundError` */
  revoke(id: string): Promise<OrganisationKey>;
}

const KEY_BYTES = 32;
const FORM = /^org-[0-9a-f]{64}$/;
const PARTITION = "organisation-keys";
const MAX_NAME_CHARS = 100;

export function createOrganisationKeys(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
}): OrganisationKeys {
  const { registry, clock, random } = deps;
  const get = async (id: string) => (await registry.get<OrganisationKey>(keyOf(id)))?.value;
  return {
    async create(name) {
      const key = `org-${Buffer.from(random(KEY_BYTES)).toString("hex")}`;
      const made = { id: hashKey(key), name: name.trim().slice(0, MAX_NAME_CHARS), createdAt: clock.now() };
      await registry.put(keyOf(made.id), made, { if: "absent" });
      return { ...made, key };
    },
    find: async (key) => (FORM.test(key) ? get(hashKey(key)) : undefined),
    list: async () => (await registry.list<OrganisationKey>(PARTITION)).map(({ value }) => value),
    async revoke(id) {
      const key = await get(id);
      if (!key) throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such key.");
      await registry.delete(keyOf(id));
      return key;
    },
  };
}

function keyOf(id: string): RegistryKey {
  return { partition: PARTITION, sort: id };
}
