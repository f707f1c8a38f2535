import type { CorsConfiguration } from "../deployed/deployment.ts";

type Headers = Record<string, string>;

const includes = (list: readonly string[] | undefined, value: string) =>
  list?.some((each) => each === "*" || each.toLowerCase() === value.toLowerCase()) ?? false;

/**
 * What an HTTP API with a CORS configuration answers to a preflight, whatever its routes: 204, with headers only for what the
 * configuration allows. An empty configuration (`{}`) allows nothing, so that browsers of other sites get no answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflight(cors: CorsConfiguration, request: Readonly<Record<string, string | undefined>>): Headers {
  const origin = request["origin"] ?? "";
  if (!includes(cors.AllowOrigins, origin)) return {};
  return {
    ...allowed(cors, origin),
    ...(cors.AllowMethods && { "access-control-allow-methods": cors.AllowMethods.join(",") }),
    ...(cors.AllowHeaders && { "access-control-allow-headers": cors.AllowHeaders.join(",") }),
    ...(cors.MaxAge !== undefined && { "access-control-max-age": String(cors.MaxAge) }),
  };
}

/** The headers of a function's answer: with a CORS configuration its own are dropped, and those of the configuration are put there. */
export function withCors(
  cors: CorsConfiguration | null,
  request: Readonly<Record<string, string | undefined>>,
  headers: Headers,
): Headers {
  if (cors === null) return headers;
  const kept = Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith("access-control-"));
  const origin = request["origin"];
  const given = origin !== undefined && includes(cors.AllowOrigins, origin) ? allowed(cors, origin) : {};
  return { ...Object.fromEntries(kept), ...given };
}

function allowed(cors: CorsConfiguration, origin: string): Headers {
  return {
    "access-control-allow-origin": cors.AllowOrigins?.includes("*") ? "*" : origin,
    ...(cors.AllowCredentials === true && { "access-control-allow-credentials": "true" }),
    ...(cors.ExposeHeaders && { "access-control-expose-headers": cors.ExposeHeaders.join(",") }),
  };
}
