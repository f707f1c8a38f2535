import { processorSeconds } from "../product/processor.ts";

/** What the processors did in one part of the campaign, seconds of one processor a second. */
interface Load {
  readonly phase: string;
  readonly product: number | undefined;
  readonly clients: number;
}

/**
 * Who used the processors while the faults that must stay local were compared with calm parts: product and clients share them, and
 * where other programs take most of them, a wait says little about the product.
 */
export interface Loads {
  during<T>(phase: string, work: () => Promise<T>): Promise<T>;
  /** One line for each part, in order. */
  table(): object[];
}

export function createLoads(productPid: () => number | undefined): Loads {
  const loads: Load[] = [];
  const own = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  return {
    async during(phase, work) {
      const [began, product, clients] = [performance.now(), processorSeconds(productPid()), own()];
      const result = await work();
      const seconds = (performance.now() - began) / 1_000;
      const used = processorSeconds(productPid());
      loads.push({
        phase,
        product: used === undefined || product === undefined ? undefined : (used - product) / seconds,
        clients: (own() - clients) / seconds,
      });
      return result;
    },
    table: () =>
      loads.map(({ phase, product, clients }) => ({
        phase,
        "processors of the product": product?.toFixed(2) ?? "-",
        "of the clients": clients.toFixed(2),
      })),
  };
}
