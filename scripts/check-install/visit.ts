// Opens a page in Chromium as a visitor would, and notes what its tracker does.
import type { Browser, Page, Request } from "playwright-core";
import type { Batch, Tag, Visit } from "./findings.ts";

const PATIENCE = 15_000;

/** In the page: tells of what its policy stops. */
const NOTE_VIOLATIONS = `addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  noteViolation(effectiveDirective.replace("-elem", ""), blockedURI);
})`;

/** In the page: its tags that are ours. */
const TAGS = `[...document.scripts]
  .filter(({ src, dataset }) => dataset.key !== undefined || /\\/t(\\.\\w+)*\\.js([?#]|$)/.test(src))
  .map(({ src, dataset: { key, global = "millrace", off = "false" } }) => ({ src, key, global, isOff: off !== "false" }))`;

/** Visits a page, in a profile of its own. Its tracker records this visit like any other. */
export async function visitPage(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    return await watch(page, url);
  } finally {
    await context.close();
  }
}

async function watch(page: Page, url: string): Promise<Visit> {
  const failures = new Map<string, string>();
  const said: string[] = [];
  const stopped: { directive: string; address: string }[] = [];
  const sent: Promise<Batch>[] = [];
  // The first reason is the cause: of an answer that is no script Chromium also says that it was blocked.
  const fail = (address: string, reason: string) => void (failures.has(address) || failures.set(address, reason));
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (!response.ok()) fail(response.url(), `it answers ${response.status()}`);
    else if (!type.includes("javascript")) fail(response.url(), `it is ${type || "of no type"}, no script`);
  });
  page.on("requestfailed", (request) => fail(request.url(), request.failure()?.errorText ?? "no answer"));
  page.on("request", (request) => {
    const batch = batchOf(request);
    if (batch) sent.push(batch);
  });
  page.on("console", (message) => {
    if (message.type() === "warning" && message.text().startsWith("millrace")) said.push(message.text());
  });
  await page.exposeFunction("noteViolation", (directive: string, address: string) => {
    // Each attempt is one.
    if (!stopped.some((each) => each.address === address)) stopped.push({ directive, address });
  });
  await page.addInitScript({ content: NOTE_VIOLATIONS });

  const opened = await page.goto(url).catch((error: Error) => error.message.split("\n")[0] ?? "no answer");
  if (typeof opened === "string" || opened === null)
    return { status: undefined, failure: opened ?? "no answer", tags: [], ran: undefined };
  const tags: Tag[] = (await page.evaluate<Omit<Tag, "failure">[]>(TAGS)).map((tag) => ({
    ...tag,
    failure: failures.get(tag.src),
  }));
  const names = [...new Set(["millrace", ...tags.map((tag) => tag.global)])];
  const callAll = (method: string) =>
    page.evaluate(`Promise.all(${JSON.stringify(names)}.map((name) => window[name]?.${method}?.()))`);
  await callAll("flush");
  const waitsForConsent = sent.length === 0;
  if (waitsForConsent) {
    // Nothing for one that is not opted out.
    await callAll("optIn");
    await callAll("flush");
  }
  const isPrivate = await page.evaluate<boolean>("navigator.globalPrivacyControl === true");
  const ran = { batches: await Promise.all(sent), stopped, said, isPrivate, waitsForConsent };
  return { status: opened.status(), tags, ran };
}

/** A batch of our tracker, by what is in it: its address may be any. */
function batchOf(request: Request): Promise<Batch> | undefined {
  const body = request.method() === "POST" ? jsonOf(request.postData() ?? "") : undefined;
  const { v, k, i, e } = Object(body) as { v?: unknown; k?: unknown; i?: unknown; e?: { q: number; n: string }[] };
  const first = e?.[0];
  if (v !== 1 || typeof k !== "string" || typeof i !== "string" || !first) return undefined;
  const batch = { endpoint: request.url(), key: k, id: `${i}.${first.q}`, collection: first.n };
  return answerTo(request).then((answer) => ({ ...batch, ...answer }));
}

async function answerTo(request: Request): Promise<Pick<Batch, "status" | "message" | "isOurs">> {
  const response = await request.response().catch(() => null);
  if (response === null || request.failure() !== null) return { status: undefined, message: undefined, isOurs: false };
  const { message, refused } = Object(jsonOf(await response.text().catch(() => ""))) as {
    message?: string;
    refused?: { message?: string }[];
  };
  return { status: response.status(), message: message ?? refused?.[0]?.message, isOurs: Array.isArray(refused) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
