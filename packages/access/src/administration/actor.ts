import type { Principal } from "../principal.ts";

/** Who changes something, and from where. */
export interface Actor {
  readonly who: Principal;
  /** Address of the caller; absent on the command line. */
  readonly from?: string | undefined;
}
