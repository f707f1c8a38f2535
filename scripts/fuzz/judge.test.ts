import { expect, test } from "vitest";
import { faultOf } from "./judge.ts";

const PAGE = "<!doctype html>\n<title>Usage</title>";
const ERROR = JSON.stringify({ message: "no", error_code: "ParameterError" });

type Case = [what: string, status: number, text: string, fault: RegExp | undefined, method?: string, isPage?: boolean];

test.each<Case>([
  ["no answer", 0, "", /^no answer$/],
  ["an answer of ours that went wrong", 500, ERROR, /^500 /],
  ["a proxy's", 503, "", /^503 /],
  ["an error as Keen words it", 400, ERROR, undefined],
  ["the same for a script", 404, `/**/f.g(${ERROR});`, undefined],
  ["an error without a code", 400, '{"message":"no"}', /not an error of the API's/],
  ["a text", 404, "Not Found", /not an error of the API's/],
  ["a stack", 400, JSON.stringify({ message: "at run (x)", error_code: "E" }), /tells of the inside/],
  ["a file", 400, JSON.stringify({ message: "/srv/packages/core", error_code: "E" }), /tells of the inside/],
  ["the same in an answer that is none", 200, "at run (x)", undefined],
  ["what Node turns away", 400, "", undefined],
  ["headers too large, likewise", 431, "", undefined],
  ["another status without a body", 404, "", /not an error of the API's/],
  ["a redirect", 302, "", undefined],
  ["no body where none may be", 404, "", undefined, "HEAD"],
  ["a page, where an API answers", 400, PAGE, /not an error of the API's/],
  ["a page, where people are answered", 400, PAGE, undefined, "POST", true],
  ["a page that tells of the inside", 400, `${PAGE} at run (x)`, /tells of the inside/, "POST", true],
  ["another's text, where people are answered", 400, "Bad Request", /not an error of the API's/, "POST", true],
])("%s: status %d", (_what, status, text, fault, method = "GET", isPage = false) => {
  const found = faultOf(method, status, text, isPage);
  if (fault) expect(found).toMatch(fault);
  else expect(found).toBeUndefined();
});
