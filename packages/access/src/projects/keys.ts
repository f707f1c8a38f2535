import { hash } from "node:crypto";
import { MillraceError, type Clock, type RandomBytes, type Registry, type RegistryKey } from "@millrace/core";
import type { KeyKind } from "./project.ts";

/** One key as it is kept. The text of read and master keys is never stored: only its hash, which is its id. */
export interface KeyRecord {
  /** SHA-256 of the key, hex. */
  readonly id: string;
  readonly kind: KeyKind;
  readonly createdAt: number;
  /** Of write keys only: they are public (they stand in every page), so they may be shown again. */
  readonly value?: string;
}

/** The keys of projects. Several keys of a kind may be active, so that one can be replaced without a gap. */
export interface Keys {
  /** Answers the key itself: 64 characters of `0-9A-F`. The only time a read or master key is seen. */
  create(projectId: string, kind: KeyKind): Promise<string>;
  /** Every active key of a project, oldest first. */
  list(projectId: string): Promise<KeyRecord[]>;
  /** Ends a key. Other processes notice within a minute. */
  revoke(projectId: string, keyId: string): Promise<void>;
  /** The record of a key of this project, if it is one. */
  find(projectId: string, key: string): Promise<KeyRecord | undefined>;
  /** The project of a key of one of these kinds; undefined also for a read or master key that is older than the note of it. */
  projectOf(key: string, kinds: readonly KeyKind[]): Promise<string | undefined>;
  /** Makes that note for the project's keys that have none. Safe to repeat. */
  noteProject(projectId: string): Promise<void>;
}

/** @param onChange called after every change, so that caches can forget */
export function createKeys(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  onChange: () => void;
}): Keys {
  const { registry, clock, random, onChange } = deps;
  return {
    async create(projectId, kind) {
      const key = mintKey(random);
      const record: KeyRecord = {
        id: hashKey(key),
        kind,
        createdAt: clock.now(),
        ...(kind === "write" && { value: key }),
      };
      // The way from a key to its project first: a key that is in the list must work on every route.
      await registry.put(pointerKey(kind, record.id), { project: projectId });
      const created = await registry.put(recordKey(projectId, record.id), record, { if: "absent" });
      if (!created) throw new MillraceError("InternalServerError", "The new key is taken. Try again.");
      onChange();
      return key;
    },
    async list(projectId) {
      const items = await registry.list<KeyRecord>(partitionOf(projectId));
      return items.map((item) => item.value).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    async revoke(projectId, keyId) {
      const item = await registry.get<KeyRecord>(recordKey(projectId, keyId));
      if (!item) throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such key.");
      await registry.delete(pointerKey(item.value.kind, keyId));
      await registry.delete(item.key);
      onChange();
    },
    async find(projectId, key) {
      return (await registry.get<KeyRecord>(recordKey(projectId, hashKey(key))))?.value;
    },
    async projectOf(key, kinds) {
      const id = hashKey(key);
      const found = await Promise.all(kinds.map((kind) => registry.get<{ project: string }>(pointerKey(kind, id))));
      return found.find((item) => item !== undefined)?.value.project;
    },
    async noteProject(projectId) {
      const records = await registry.list<KeyRecord>(partitionOf(projectId));
      for (const { value } of records) {
        const pointer = pointerKey(value.kind, value.id);
        if ((await registry.get(pointer)) === undefined) await registry.put(pointer, { project: projectId });
      }
    },
  };
}

/** SHA-256 is enough for keys of 256 random bits: nothing shorter is ever hashed, so there is nothing to guess. */
export function hashKey(key: string): string {
  return hash("sha256", key);
}

const KEY_BYTES = 32;

/** Hexadecimal, as Keen's were: some of its clients take nothing but letters and digits, and others decode a key to encrypt with it. */
export function mintKey(random: RandomBytes): string {
  return Buffer.from(random(KEY_BYTES)).toString("hex").toUpperCase();
}

function partitionOf(projectId: string): string {
  return `keys:${projectId}`;
}

function recordKey(projectId: string, id: string): RegistryKey {
  return { partition: partitionOf(projectId), sort: id };
}

/** The way from a key to its project, for routes that name none. */
function pointerKey(kind: KeyKind, id: string): RegistryKey {
  return { partition: `${kind}-key:${id}`, sort: "project" };
}
