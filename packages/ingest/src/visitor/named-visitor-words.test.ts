import type { Project } from "@millrace/access";
import { LIMITS, type JsonObject } from "@millrace/core";
import { expect, test } from "vitest";
import { contextOfNamed, readNamedVisitor } from "./named-visitor.ts";
import { identifiedVisitor } from "./visitor.ts";

test("of a named visitor the event keeps the user, the network of the address and the agent: what was said, and no more", () => {
  expect(contextOfNamed({ user: "u1" })).toStrictEqual({ context: { user_id: "u1" }, raw: {} });
  expect(contextOfNamed({ ip: "203.0.113.77", user_agent: "Firefox" })).toStrictEqual({
    raw: { ip: "203.0.113.0", userAgent: "Firefox" },
  });
  expect(contextOfNamed({ user: "u1", ip: "not an address" })).toStrictEqual({ context: { user_id: "u1" }, raw: {} });
});

test("a visitor is named by a user, or by an address; a long agent is cut and has no half signs", () => {
  const agent = `${"x".repeat(LIMITS.userAgentChars)}tail`;
  expect(readNamedVisitor({ ip: "203.0.113.77", user_agent: agent }).user_agent).toBe(
    "x".repeat(LIMITS.userAgentChars),
  );
  expect(readNamedVisitor({ user: "u", user_agent: "a\uD800" }).user_agent).toBe("a\uFFFD");
  const longest = "u".repeat(LIMITS.userIdChars);
  expect(readNamedVisitor({ user: longest })).toEqual({ user: longest });
});

test.each<[JsonObject, string]>([
  [{}, "$visitor: needs user, or ip with user_agent."],
  [{ user_agent: "x" }, "$visitor: needs user, or ip with user_agent."],
  [{ user: "" }, "$visitor.user: "],
  [{ user: "u".repeat(LIMITS.userIdChars + 1) }, "$visitor.user: "],
  [{ ip: "1".repeat(LIMITS.idChars + 1) }, "$visitor.ip: "],
  [{ user: "u", browser: "x" }, "$visitor: "],
])("%j is refused by the name of what is wrong", (visitor, said) => {
  expect(() => readNamedVisitor(visitor)).toThrow(said);
});

test("whom a site names is one visitor there on every day, and another's namesake is somebody else", () => {
  const [shop, blog] = [{ id: "shop" }, { id: "blog" }] as Project[];
  if (!shop || !blog) throw new Error("no projects");
  expect(identifiedVisitor(shop, "u1")).toBe(identifiedVisitor(shop, "u1"));
  expect(identifiedVisitor(shop, "u1")).toMatch(/^[\w-]{22}$/);
  expect(
    new Set([identifiedVisitor(shop, "u1"), identifiedVisitor(shop, "u2"), identifiedVisitor(blog, "u1")]).size,
  ).toBe(3);
});
