export { describeStoreContract, type StoreContractOptions } from "./store-contract.ts";
export { describeDifferential, type DifferentialOptions } from "./differential.ts";
export { createReferenceStore, evaluateExtraction, evaluateMetric } from "./reference.ts";
export { extractionPlan, message, metricPlan, newProject, storedEvent, NOON } from "./fixtures.ts";
