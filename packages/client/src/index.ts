export { createClient, type BatchOptions, type ClientOptions, type MillraceClient } from "./client.ts";
export { MillraceClientError, type ClientErrorCode } from "./error.ts";
export type { CallOptions, PageOptions } from "./call.ts";
export type { Fetch } from "./http.ts";
export type * from "./answers.ts";
export type { AnswerOf, BatchAnswer, BatchEntry, BatchOutcome } from "./batch.ts";
export type * from "./actor-parameters.ts";
export type * from "./common-parameters.ts";
export type * from "./parameters.ts";
export type { SavedQueriesClient, SavedQueryAnswer, SavedQueryDefinition } from "./saved.ts";
export type {
  AccessKeyAnswer,
  AccessKeyDefinition,
  AccessKeysClient,
  KeyPageOptions,
  NameRule,
} from "./access-keys.ts";
export type { DeleteEvents, DeletionAnswer, DeletionsClient } from "./deletions.ts";
export type { DefinitionAnswer, DefinitionContent, DefinitionKind, DefinitionsClient } from "./definitions.ts";
export type { DatasetAnswer, DatasetDefinition, DatasetPage, DatasetsClient } from "./datasets.ts";
export { commandLine } from "./operations.ts";
export type * from "./operations.ts";
export type * from "./sending.ts";
