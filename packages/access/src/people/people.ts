import { MillraceError, type Clock, type RandomBytes, type Registry, type RegistryKey } from "@millrace/core";
import { ROLES, type Role, type Roles } from "./roles.ts";

/** Somebody who may sign in. */
export interface Person {
  /** 24 hex digits. */
  readonly id: string;
  /** Lower case; nobody else has it. */
  readonly email: string;
  readonly name: string;
  readonly roles: Roles;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** The people of this installation. */
export interface People {
  /** @throws MillraceError `InvalidParameterError` for what is no e-mail address, an unknown role, or an address that is taken */
  create(person: { readonly email: string; readonly name: string; readonly roles: Roles }): Promise<Person>;
  get(id: string): Promise<Person | undefined>;
  byEmail(email: string): Promise<Person | undefined>;
  /** All of them, by id. */
  list(): Promise<Person[]>;
  /** Gives a role in a project, or in all ({@link import("./roles.ts").EVERY_PROJECT}); undefined takes it away. @throws MillraceError `ResourceNotFoundError` */
  setRole(id: string, scope: string, role: Role | undefined): Promise<Person>;
  /** @throws MillraceError `ResourceNotFoundError` */
  remove(id: string): Promise<Person>;
}

const PARTITION = "people";
const ID_BYTES = 12;
const MAX_NAME_CHARS = 100;
/** RFC 5321's limit of a path, less its brackets. */
const MAX_EMAIL_CHARS = 254;
/** One @ with something around it: whether there is such an address only a letter to it can tell. */
const EMAIL = /^[^\s@<>"',;]+@[^\s@<>"',;]+$/;

/** @param onChange called after every change, so that caches can forget */
export function createPeople(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  onChange: () => void;
}): People {
  const { registry, clock, random, onChange } = deps;
  const get = async (id: string) => (await registry.get<Person>(personKey(id)))?.value;
  return {
    async create({ email, name, roles }) {
      const address = readEmail(email);
      const id = Buffer.from(random(ID_BYTES)).toString("hex");
      const person: Person = { id, email: address, name: readName(name, address), roles, createdAt: clock.now() };
      // The address first: two people of one address could not be told apart when they sign in.
      if (!(await registry.put(emailKey(address), { person: id }, { if: "absent" }))) {
        throw new MillraceError("InvalidParameterError", `There is somebody with the address ${address} already.`);
      }
      await registry.put(personKey(id), person, { if: "absent" });
      onChange();
      return person;
    },
    get,
    async byEmail(email) {
      const pointer = await registry.get<{ person: string }>(emailKey(email.trim().toLowerCase()));
      return pointer && get(pointer.value.person);
    },
    async list() {
      return (await registry.list<Person>(PARTITION)).map(({ value }) => value);
    },
    async setRole(id, scope, role) {
      for (;;) {
        const item = await registry.get<Person>(personKey(id));
        if (!item) throw personNotFound();
        const { [scope]: _, ...others } = item.value.roles;
        const person: Person = { ...item.value, roles: role === undefined ? others : { ...others, [scope]: role } };
        if (!(await registry.put(item.key, person, { if: item.version }))) continue;
        onChange();
        return person;
      }
    },
    async remove(id) {
      const person = await get(id);
      if (!person) throw personNotFound();
      // The record first: without it no session of theirs opens anything.
      await registry.delete(personKey(id));
      await registry.delete(emailKey(person.email));
      onChange();
      return person;
    },
  };
}

/** @throws MillraceError `InvalidParameterError` */
export function readEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (EMAIL.test(email) && email.length <= MAX_EMAIL_CHARS) return email;
  throw new MillraceError("InvalidParameterError", `"${text.slice(0, 60)}" is no e-mail address.`);
}

/** @throws MillraceError `InvalidParameterError` naming the roles there are */
export function readRole(text: string): Role {
  const role = ROLES.find((each) => each === text);
  if (role) return role;
  throw new MillraceError("InvalidParameterError", `"${text.slice(0, 60)}" is no role; there are ${ROLES.join(", ")}.`);
}

export function personNotFound(): MillraceError {
  return new MillraceError("ResourceNotFoundError", "Resource not found. There is no such person.");
}

function readName(text: string, email: string): string {
  return text.trim().slice(0, MAX_NAME_CHARS) || email;
}

function personKey(id: string): RegistryKey {
  return { partition: PARTITION, sort: id };
}

function emailKey(email: string): RegistryKey {
  return { partition: `person-email:${email}`, sort: "person" };
}
