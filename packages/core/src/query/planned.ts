declare const planned: unique symbol;

/** What planning alone can make: every default, instant and field of it is explicit. Stores compile it and decide nothing. */
export interface Planned {
  readonly [planned]: true;
}

/** A plan as planning puts it together, before it vouches for it. */
export type Unbranded<P extends Planned> = Omit<P, keyof Planned>;
