import { expect, test } from "vitest";
import { fromCloudFront, withReadablePath, type HttpEvent } from "./origin.ts";

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

test("the path is the one the viewer wrote, not what the gateway made of it", () => {
  const path = "/3.0/projects/p/events/a%2Fb%3Fc%23d";
  const event = {
    ...eventWith({ "x-millrace-origin": SECRET, "x-millrace-path": path }),
    rawPath: "/3.0/projects/p/events/a/b",
  };
  expect(fromCloudFront(withReadablePath(event), SECRET)).toMatchObject({ rawPath: path });
});

test.each([
  ["/3.0/projects/p/events/h#y", "/3.0/projects/p/events/h%23y"],
  ["/3.0/projects/p/events/50% off", "/3.0/projects/p/events/50%25%20off"],
  ["/v1/e", "/v1/e"],
])("without CloudFront, %s is encoded again", (decoded, encoded) => {
  expect(withReadablePath({ ...eventWith({}), rawPath: decoded }).rawPath).toBe(encoded);
});
