import type { Context } from "hono";

/** A transparent GIF of one pixel: clients check that the image has a size. */
const GIF = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** True when the caller is an image tag: it says so (`c=clv1`), or the first type it accepts is an image. */
export function wantsImage(c: Context): boolean {
  if (c.req.query("c") === "clv1") return true;
  return c.req.header("accept")?.trimStart().toLowerCase().startsWith("image/") ?? false;
}

export function answerPixel(c: Context): Response {
  c.header("Content-Type", "image/gif");
  return c.body(new Uint8Array(GIF), 200);
}
