export * from "./embedded.ts";
export * from "./sqs.ts";
