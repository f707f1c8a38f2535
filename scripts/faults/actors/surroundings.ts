import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import type { Actor, Campaign } from "../campaign.ts";
import type { LineMode } from "../line.ts";

/** Waits, and returns at once when the campaign is ended. */
async function hold({ signal }: Campaign, seconds: number): Promise<void> {
  await delay(seconds * 1_000, undefined, { signal }).catch(() => {});
}

/** Somebody opened the registry's file and does not let go of its write lock. */
export const hungRegistry: Actor = async (campaign, { seconds }) => {
  const registry = new DatabaseSync(join(campaign.folder, "registry.sqlite"));
  try {
    registry.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;");
    await hold(campaign, seconds);
    registry.exec("ROLLBACK;");
  } finally {
    registry.close();
  }
};

export const fullDisk: Actor = async (campaign, { seconds }) => {
  const { disk, product } = campaign;
  disk.fill(product.pid());
  await hold(campaign, seconds);
  disk.free(product.pid());
};

const onLine =
  (line: (campaign: Campaign) => { set(mode: LineMode): void } | undefined, mode: LineMode): Actor =>
  async (campaign, { seconds }) => {
    line(campaign)?.set(mode);
    await hold(campaign, seconds);
    line(campaign)?.set("pass");
  };

export const cutLines = onLine(({ clients }) => clients, "cut");
export const silentLines = onLine(({ clients }) => clients, "silent");
export const slowStore = onLine(({ store }) => store?.line, "slow");

/** Every other outage kills the node, if it is ours; else nobody answers at its address. */
let outages = 0;
export const outage: Actor = async (campaign, fault) => {
  const { store, say } = campaign;
  if (!store) return;
  if (store.node && outages++ % 2 === 0) {
    await store.node.kill();
    await hold(campaign, fault.seconds);
    await store.node.start();
    say("the store's node was killed and is back");
    return;
  }
  store.line.set("refuse");
  await hold(campaign, fault.seconds);
  store.line.set("pass");
};

/** The partitions of what has no period of its own: importers of old logs write to it all the time. */
export const blockedPartition: Actor = async (campaign, { seconds }) => {
  const { store } = campaign;
  if (!store) return;
  const block = async (isBlocked: boolean) => {
    const answer = await fetch(`${store.url}/${store.prefix}-events-*other*/_settings?allow_no_indices=false`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ "index.blocks.write": isBlocked }),
    });
    if (!answer.ok) campaign.say(`could not ${isBlocked ? "block" : "open"} the partition: ${await answer.text()}`);
  };
  await block(true);
  await hold(campaign, seconds);
  await block(false);
};
