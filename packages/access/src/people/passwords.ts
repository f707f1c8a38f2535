import type { RandomBytes, Registry, RegistryKey } from "@millrace/core";
import { demandPassword, hashPassword, isPassword } from "../password-hash.ts";

/** The passwords of people, kept apart from them: who lists people lists no hashes. */
export interface Passwords {
  /** @throws MillraceError `InvalidParameterError` for one that is too short or too long */
  demand(password: string): void;
  /** @throws as `demand` */
  set(person: string, password: string): Promise<void>;
  /** Takes as long for somebody who has none, or who is not there, as for a wrong password. */
  check(person: string | undefined, password: string): Promise<boolean>;
  delete(person: string): Promise<void>;
}

export function createPasswords({ registry, random }: { registry: Registry; random: RandomBytes }): Passwords {
  return {
    demand: demandPassword,
    async set(person, password) {
      await registry.put(keyOf(person), { hash: await hashPassword(password, random) });
    },
    async check(person, password) {
      const kept = person === undefined ? undefined : await registry.get<{ hash: string }>(keyOf(person));
      return isPassword(password, kept?.value.hash);
    },
    delete: (person) => registry.delete(keyOf(person)),
  };
}

function keyOf(person: string): RegistryKey {
  return { partition: `password:${person}`, sort: "password" };
}
