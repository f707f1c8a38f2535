import { processorSeconds } from "../product/processor.ts";

/** What the processors did in one part of the campaign, seconds of one processor a second. */
export interface Load {
  readonly phase: string;
  readonly product: number | undefined;
  readonly clients: number;
}

/**
 * Who used the processors while the faults that must stay local were compared with calm parts: product and clients share them, and
 * where other programs take most of them, a wait says little about the product.
 */
export interface Loads {
  /** Does something that is a part of its own. */
  during<T>(phase: string, work: () => Promise<T>): Promise<T>;
  /** The number of the part that goes on; undefined between parts. */
  part(): number | undefined;
  /** By the numbers of the parts. */
  all(): readonly Load[];
}

export function createLoads(productPid: () => number | undefined): Loads {
  const loads: Load[] = [];
  let isGoing = false;
  const own = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  return {
    async during(phase, work) {
      const [began, product, clients] = [performance.now(), processorSeconds(productPid()), own()];
      isGoing = true;
      const result = await work();
      isGoing = false;
      const seconds = (performance.now() - began) / 1_000;
      const used = processorSeconds(productPid());
      loads.push({
        phase,
        product: used === undefined || product === undefined ? undefined : (used - product) / seconds,
        clients: (own() - clients) / seconds,
      });
      return result;
    },
    part: () => (isGoing ? loads.length : undefined),
    all: () => loads,
  };
}
