/**
 * The registry port: small records that must be there while the store is down. Modelled on DynamoDB: a partition key, a
 * sort key, a JSON value, a version for conditional writes, an expiry. One contract suite for every adapter.
 */
export interface Registry {
  get<T>(key: RegistryKey): Promise<RegistryItem<T> | undefined>;
  /** Items of one partition whose sort key starts with `prefix`, in sort-key order. */
  list<T>(partition: string, prefix?: string): Promise<RegistryItem<T>[]>;
  /** Items of one partition whose sort key is `from` or comes after it, in sort-key order; the first `limit` of them. */
  listFrom<T>(partition: string, from: string, limit?: number): Promise<RegistryItem<T>[]>;
  /**
   * Writes one item. Answers false, and writes nothing, when the condition does not hold. An expired item counts as absent.
   * The new version is the old one plus 1 (1 for a new item).
   */
  put<T>(key: RegistryKey, value: T, options?: PutOptions): Promise<boolean>;
  /**
   * Writes each of these items whose key has none, the first of equal keys before the others, and answers what stands at each key in
   * the end: its own value or that of who came before. Much cheaper than as many puts. When it rejects, any of them may be written.
   */
  claimMany<T>(claims: readonly RegistryClaim<T>[]): Promise<T[]>;
  delete(key: RegistryKey): Promise<void>;
  close(): Promise<void>;
}

export interface RegistryKey {
  readonly partition: string;
  readonly sort: string;
}

export interface RegistryItem<T> {
  readonly key: RegistryKey;
  readonly value: T;
  readonly version: number;
  readonly expiresAt?: number;
}

export interface RegistryClaim<T> {
  readonly key: RegistryKey;
  readonly value: T;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}

export interface PutOptions {
  /** `absent`: only a new item. A number: only over that version. */
  readonly if?: "absent" | number;
  /** Milliseconds UTC; after it the item is gone for every reader. */
  readonly expiresAt?: number;
}
