import { DEEDS, describeActorAnswers } from "@millrace/core/contract";
import { afterAll } from "vitest";
import { createDuckDbStore } from "../index.ts";

let close: (() => Promise<void>) | undefined;
afterAll(() => close?.());

describeActorAnswers("answers are the reference's", async () => {
  const store = await createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, threads: 1 });
  close = () => store.close();
  await store.append(DEEDS);
  return store;
});
