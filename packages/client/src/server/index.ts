export { createRecorder, type Lost, type Recorder, type RecorderOptions } from "./recorder.ts";
export type { EventMap, RecordOptions, Visitor } from "./events.ts";
export { embedToken, type EmbedTokenOptions } from "./embed-token.ts";
