/**
 * What `new` makes an empty record of: nothing is inherited, so `constructor`, `toString` and `__proto__` are names like any other.
 * `Object.create(null)` would say the same, but such an object is a hash table from its first property on: filling one and
 * writing it as JSON takes twice as long, for every event that is stored.
 */
const Bare = function () {} as unknown as new () => object;
Bare.prototype = Object.create(null) as object;

/** An empty record for names that come from outside. */
export function emptyRecord<T>(): Record<string, T> {
  return new Bare() as Record<string, T>;
}
