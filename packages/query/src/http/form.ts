import { MillraceError, type JsonObject } from "@millrace/core";
import type { Context } from "hono";
import { FILE_FORMS, type FileForm } from "../answer/run-file.ts";
import { check, quotable } from "../parse/check.ts";
import { WIRE } from "../parse/wire.ts";

const JSON_FORM = "application/json";
/** What the rows of an extraction can be sent as. */
const FORMS = [JSON_FORM, ...FILE_FORMS] as const;

/**
 * The form an answer is asked for in; undefined for JSON. `content_type` says it; else the `Accept` header, where it prefers a file to JSON. Keen's own
 * clients, which name themselves in `keen-sdk`, read nothing but JSON: to them `content_type` was about files sent by e-mail, and changes
 * nothing. Only extractions have another form than JSON.
 * @throws MillraceError for `content_type` that is unknown, or with JSONP, which is a script
 */
export function formOf(c: Context, analysis: string, raw: JsonObject): FileForm | undefined {
  const asked = raw["content_type"];
  if (analysis !== "extraction" || c.req.header("keen-sdk") !== undefined) return undefined;
  const isScript = c.req.method === "GET" && c.req.query("jsonp") !== undefined;
  if (asked === undefined) return isScript ? undefined : preferred(c.req.header("accept") ?? "");
  const named = check(WIRE.content_type, asked, "content_type");
  const form = FORMS.find((each) => each === named);
  if (form === undefined) {
    throw new MillraceError(
      "InvalidParameterError",
      `content_type "${quotable(named)}" is not possible. Use ${FORMS.join(", ")}.`,
    );
  }
  if (form === JSON_FORM) return undefined;
  if (isScript) {
    throw new MillraceError(
      "InvalidParameterError",
      `content_type ${form} is not possible with jsonp, which is a script.`,
    );
  }
  return form;
}

/** The file a header prefers to JSON (RFC 9110 section 12.5.1), by the weights of what it names. */
function preferred(accept: string): FileForm | undefined {
  const weights = new Map(accept.toLowerCase().split(",").map(weighed));
  const of = (range: string): number => weights.get(range) ?? 0;
  const json = Math.max(of(JSON_FORM), of("application/*"), of("*/*"));
  const [best] = FILE_FORMS.filter((form) => of(form) > json).toSorted((a, b) => of(b) - of(a));
  return best;
}

function weighed(range: string): [type: string, weight: number] {
  const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
  const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  const weight = q === undefined ? 1 : Number(q);
  return [type, weight >= 0 && weight <= 1 ? weight : 0];
}
