import { afterAll, beforeAll, describe } from "vitest";
import { funnelCases } from "./actors/funnel-cases.ts";
import { orderCases } from "./actors/order-cases.ts";
import { pathCases } from "./actors/path-cases.ts";
import { retentionCases } from "./actors/retention-cases.ts";
import { appendCases } from "./append-cases.ts";
import { deedCases } from "./deed-cases.ts";
import { deletionCases } from "./deletion-cases.ts";
import { effortCases } from "./effort-cases.ts";
import { extractionCases } from "./extraction-cases.ts";
import { filterCases } from "./filter-cases.ts";
import { groupCases } from "./group-cases.ts";
import { hostileCases } from "./hostile-cases.ts";
import { ledgerCases } from "./ledger-cases.ts";
import { measureCases } from "./measure-cases.ts";
import { propertyDeletionCases } from "./property-deletion-cases.ts";
import { rejectedCases } from "./rejected-cases.ts";
import { stopCases } from "./stop-cases.ts";
import { createSubject, type StoreContractOptions, type Subject } from "./subject.ts";
import { timeCases } from "./time-cases.ts";
import { wallCases } from "./wall-cases.ts";

/**
 * What every event store must do. One store serves all cases, each in a project of its own, so that a store on a server is made
 * once; nothing here depends on the store being empty.
 */
export function describeStoreContract({
  name,
  create,
  refresh = async () => {},
  isLimited = true,
}: StoreContractOptions): void {
  describe(`${name} keeps the stores' contract`, () => {
    let subject: Subject | undefined;
    beforeAll(async () => {
      const store = await create();
      await store.prepare();
      subject = createSubject(store, refresh);
    });
    afterAll(() => subject?.store.close());
    const use = (): Subject => {
      if (!subject) throw new Error("The store was not created.");
      return subject;
    };
    appendCases(use);
    wallCases(use);
    measureCases(use);
    filterCases(use);
    deedCases(use);
    effortCases(use);
    groupCases(use);
    timeCases(use);
    hostileCases(use);
    extractionCases(use);
    funnelCases(use);
    orderCases(use);
    retentionCases(use);
    pathCases(use);
    if (isLimited) stopCases(use);
    ledgerCases(use);
    rejectedCases(use);
    deletionCases(use);
    propertyDeletionCases(use);
  });
}
