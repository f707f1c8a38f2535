import { afterAll, beforeAll } from "vitest";
import { describeKeptAnswers } from "./kept-scenario.ts";
import { createTestApp, type TestApp } from "./setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

describeKeptAnswers(() => t);
