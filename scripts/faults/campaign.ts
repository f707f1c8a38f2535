import type { Random } from "../../bench/simulation/random.ts";
import type { RunningServer } from "../servers/server.ts";
import type { Disk } from "./disk.ts";
import type { Line } from "./line.ts";
import type { FaultKind } from "./kinds.ts";
import type { PlannedFault } from "./plan.ts";
import type { Product } from "../product/server-process.ts";
import type { Tenant } from "./tenants.ts";

/** The store as a server of its own: the line to it, its real address, and the process when it is ours. */
export interface StoreServer {
  readonly line: Line;
  readonly url: string;
  /** Begins the names of the campaign's indexes. */
  readonly prefix: string;
  readonly node?: {
    kill(): Promise<void>;
    start(): Promise<RunningServer>;
  };
}

/** What the actors act on. */
export interface Campaign {
  readonly folder: string;
  readonly product: Product;
  /** The line between the fleet and the product. */
  readonly clients: Line;
  readonly store: StoreServer | undefined;
  readonly disk: Disk;
  readonly tenants: readonly Tenant[];
  readonly hostile: Tenant;
  readonly random: Random;
  /** Ends what runs and waits: Ctrl-C, or the end of the campaign. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Begins a fault, holds it for its time and ends it. */
export type Actor = (campaign: Campaign, fault: PlannedFault) => Promise<void>;
export type Actors = Readonly<Record<FaultKind, Actor>>;
