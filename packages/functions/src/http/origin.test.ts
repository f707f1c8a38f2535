import { expect, test } from "vitest";
import { fromCloudFront, type HttpEvent } from "./origin.ts";

const SECRET = "s".repeat(40);

function eventWith(headers: Record<string, string>): HttpEvent {
  return { version: "2.0", rawPath: "/v1/e", headers } as unknown as HttpEvent;
}

test("a request past CloudFront is not believed, whatever else it claims", () => {
  expect(fromCloudFront(eventWith({}), SECRET)).toBeUndefined();
  expect(fromCloudFront(eventWith({ "x-millrace-origin": "guess" }), SECRET)).toBeUndefined();
  expect(fromCloudFront(eventWith({ "x-millrace-origin": `${SECRET}x` }), SECRET)).toBeUndefined();
  expect(fromCloudFront(eventWith({ "cloudfront-viewer-address": "203.0.113.7:1" }), SECRET)).toBeUndefined();
});

test("the visitor's address is the one CloudFront saw, not one the visitor sent", () => {
  const headers = {
    "x-millrace-origin": SECRET,
    "x-millrace-address": "198.51.100.4:0",
    "cloudfront-viewer-address": "203.0.113.7:1",
    "user-agent": "test",
  };
  expect(fromCloudFront(eventWith(headers), SECRET)?.headers).toEqual({
    "cloudfront-viewer-address": "198.51.100.4:0",
    "user-agent": "test",
  });
});
