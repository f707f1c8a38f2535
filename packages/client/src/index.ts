export {
  createClient,
  type BatchOptions,
  type CallOptions,
  type ClientOptions,
  type MillraceClient,
} from "./client.ts";
export { MillraceClientError, type ClientErrorCode } from "./error.ts";
export type { Fetch } from "./http.ts";
export type * from "./answers.ts";
export type { AnswerOf, BatchAnswer, BatchEntry, BatchOutcome } from "./batch.ts";
export type * from "./parameters.ts";
export type { PageOptions, Question, SavedQueriesClient, SavedQueryAnswer, SavedQueryDefinition } from "./saved.ts";
export type {
  AccessKeyAnswer,
  AccessKeyDefinition,
  AccessKeysClient,
  KeyPageOptions,
  NameRule,
} from "./access-keys.ts";
export type { DatasetAnswer, DatasetDefinition, DatasetPage, DatasetsClient } from "./datasets.ts";
