import { createReferenceStore } from "./reference.ts";
import { describeStoreContract } from "./store-contract.ts";

// The oracle itself keeps the contract: the cases and it cannot disagree about a meaning.
describeStoreContract({ name: "The reference", create: async () => createReferenceStore(), isLimited: false });
