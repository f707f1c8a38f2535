export { describeStoreContract } from "./store-contract.ts";
export { describeDifferential, type DifferentialOptions } from "./differential.ts";
export { describeLateNames, type LateNamesOptions } from "./late-names.ts";
export { createReferenceStore, evaluateExtraction, evaluateMetric } from "./reference.ts";
export { extractionPlan, message, metricPlan, newProject, storedEvent, NOON } from "./fixtures.ts";
export type { StoreContractOptions } from "./subject.ts";
export { describeRegistryContract, type RegistryContract } from "./registry-contract.ts";
export { describeQueueContract, type QueueContract, type QueueUnderTest } from "./queue-contract.ts";
export * from "./compiler-cases.ts";
