export { describeStoreContract } from "./store-contract.ts";
export { DEEDS, describeActorAnswers, did } from "./actors/answers.ts";
export { describeActorDifferential } from "./actors/differential.ts";
export { metricDifference } from "./compare.ts";
export { describeDifferential } from "./differential.ts";
export { describeLargeSets } from "./large-sets.ts";
export type { DifferentialOptions } from "./random.ts";
export { describeLateNames, type LateNamesOptions } from "./late-names.ts";
export { createReferenceStore, evaluateExtraction, evaluateMetric } from "./reference.ts";
export {
  extractionPlan,
  funnelPlan,
  message,
  metricPlan,
  newProject,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  storedEvent,
  NOON,
} from "./fixtures.ts";
export type { StoreContractOptions } from "./subject.ts";
export { EVERY_KIND } from "./stop-cases.ts";
export { describeRegistryContract, type RegistryContract } from "./registry-contract.ts";
export { describeQueueContract, type QueueContract, type QueueUnderTest } from "./queue-contract.ts";
export * from "./compiler-cases.ts";
export { describeVisitsContract, type VisitsContract } from "./visits-contract.ts";
export { describeExecutionsContract, type ExecutionsContract } from "./executions-contract.ts";
