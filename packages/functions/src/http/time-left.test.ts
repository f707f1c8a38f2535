import { Hono } from "hono";
import { expect, test } from "vitest";
import { timeLeft } from "./serve.ts";

test("a query gets what is left of the invocation less what the answer needs", async () => {
  const app = new Hono().get("/", (c) => c.text(String(timeLeft(c))));
  const ask = async (remaining: number) => {
    const lambdaContext = { getRemainingTimeInMillis: () => remaining };
    return (await app.request("/", {}, { lambdaContext })).text();
  };
  expect([await ask(29_000), await ask(1_500)]).toEqual(["27000", "-500"]);
});
