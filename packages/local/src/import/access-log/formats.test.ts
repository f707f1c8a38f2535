import { expect, test } from "vitest";
import { detectFormat, formatNamed } from "./detect.ts";
import { isBad, NOT_A_REQUEST, type AccessRecord } from "./record.ts";

/** Lines of each format in our own words: documentation addresses, `.example` hosts; all of one page view. */
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/122.0";
const PERCENT_AGENT = "Mozilla/5.0%20(X11;%20Linux%20x86_64)%20Chrome/122.0";
const TIME = "2025-10-10T13:55:36.000Z";
const COMMON = { address: "198.51.100.7", method: "GET", status: 200, bytes: 512, userAgent: AGENT };
const WITHOUT_HOST = { ...COMMON, target: "/p?q=1", referrer: "https://r.example/" };
const EVERYTHING = { ...WITHOUT_HOST, host: "shop.example.com" };

const SAMPLES: readonly { name: string; format: string; lines: readonly string[]; expected: Partial<AccessRecord> }[] =
  [
    {
      name: "combined",
      format: "combined",
      lines: [
        `198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "https://r.example/" "${AGENT}"`,
      ],
      expected: WITHOUT_HOST,
    },
    {
      name: "IIS",
      format: "w3c",
      lines: [
        "#Software: Microsoft Internet Information Services 10.0",
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-bytes",
        `2025-10-10 13:55:36 10.0.0.1 GET /p q=1 443 - 198.51.100.7 ${AGENT.replaceAll(" ", "+")} https://r.example/ 200 512`,
      ],
      expected: WITHOUT_HOST,
    },
    {
      name: "CloudFront, standard",
      format: "w3c",
      lines: [
        "#Version: 1.0",
        "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol",
        [
          "2025-10-10 13:55:36 FRA56 512 198.51.100.7 GET d1.cloudfront.example /p 200 https://r.example/".replaceAll(
            " ",
            "\t",
          ),
          PERCENT_AGENT,
          "q=1\t-\tHit\tabc\tshop.example.com\thttps",
        ].join("\t"),
      ],
      expected: EVERYTHING,
    },
    {
      name: "CloudFront, real-time",
      format: "cloudfront-realtime",
      lines: [
        `1760104536.000\t198.51.100.7\t203.0.113.1\t0.002\t200\t512\tGET\thttps\td1.cloudfront.example\t/p\t300\tFRA56\tabc\tshop.example.com\t0.002\tHTTP/2.0\tIPv4\t${PERCENT_AGENT}\thttps://r.example/\t-\tq=1`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "ALB",
      format: "alb",
      lines: [
        `h2 2025-10-10T13:55:36.000000Z app/shop/50dc6c495c0c9188 198.51.100.7:50123 10.0.0.1:80 0.000 0.001 0.000 200 200 34 512 "GET https://shop.example.com:443/p?q=1 HTTP/2.0" "${AGENT}" ECDHE TLSv1.2 arn:aws:x "Root=1-58337262" "shop.example.com" "arn:aws:y" 0 2025-10-10T13:55:36.000000Z "forward" "-" "-"`,
      ],
      expected: { ...COMMON, target: "https://shop.example.com:443/p?q=1", host: "shop.example.com" },
    },
    {
      name: "ELB",
      format: "elb",
      lines: [
        `2025-10-10T13:55:36.000000Z shop 198.51.100.7:50123 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 512 "GET http://shop.example.com:80/p?q=1 HTTP/1.1" "${AGENT}" - -`,
      ],
      expected: { ...COMMON, target: "http://shop.example.com:80/p?q=1", host: "shop.example.com" },
    },
    {
      name: "S3",
      format: "s3",
      lines: [
        `${"79a5".repeat(16)} shop-site [10/Oct/2025:13:55:36 +0000] 198.51.100.7 - 3E57427F3 WEBSITE.GET.OBJECT p "GET /p?q=1 HTTP/1.1" 200 - 512 512 7 6 "https://r.example/" "${AGENT}" - abc= SigV4 - - shop.example.com TLSv1.2 - -`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "Caddy",
      format: "json",
      lines: [
        `{"level":"info","ts":1760104536,"request":{"remote_ip":"10.0.0.1","client_ip":"198.51.100.7","proto":"HTTP/2.0","method":"GET","host":"shop.example.com","uri":"/p?q=1","headers":{"User-Agent":["${AGENT}"],"Referer":["https://r.example/"]}},"size":512,"status":200}`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "Traefik",
      format: "json",
      lines: [
        `{"ClientAddr":"198.51.100.7:50123","ClientHost":"198.51.100.7","DownstreamContentSize":512,"DownstreamStatus":200,"RequestHost":"shop.example.com","RequestMethod":"GET","RequestPath":"/p?q=1","RequestProtocol":"HTTP/2.0","StartUTC":"2025-10-10T13:55:36Z","request_User-Agent":"${AGENT}","request_Referer":"https://r.example/","time":"2025-10-10T13:55:40Z"}`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "nginx in JSON",
      format: "json",
      lines: [
        `{"time_local":"10/Oct/2025:13:55:36 +0000","remote_addr":"198.51.100.7","request":"GET /p?q=1 HTTP/1.1","status":"200","body_bytes_sent":"512","http_referer":"https://r.example/","http_user_agent":"${AGENT}","http_host":"shop.example.com"}`,
      ],
      expected: EVERYTHING,
    },
    ...Object.entries({
      Envoy: `{"start_time":"2025-10-10T13:55:36.000Z","method":"GET","path":"/p?q=1","protocol":"HTTP/1.1","response_code":200,"bytes_sent":512,"x_forwarded_for":"198.51.100.7","user_agent":"${AGENT}","authority":"shop.example.com","referer":"https://r.example/"}`,
      Cloudflare: `{"ClientIP":"198.51.100.7","ClientRequestHost":"shop.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/p?q=1","EdgeStartTimestamp":1760104536000000000,"EdgeResponseStatus":200,"EdgeResponseBytes":512,"ClientRequestUserAgent":"${AGENT}","ClientRequestReferer":"https://r.example/"}`,
      Fastly: `{"timestamp":"2025-10-10T13:55:36+0000","client_ip":"198.51.100.7","host":"shop.example.com","url":"/p?q=1","request_method":"GET","request_referer":"https://r.example/","request_user_agent":"${AGENT}","response_status":200,"response_body_size":512}`,
      Vercel: `{"id":"1","timestamp":1760104536000,"size":512,"proxy":{"method":"GET","host":"shop.example.com","path":"/p?q=1","userAgent":["${AGENT}"],"referer":"https://r.example/","statusCode":200,"clientIp":"198.51.100.7"}}`,
      "the Elastic common schema": `{"@timestamp":"2025-10-10T13:55:36.000Z","source":{"address":"198.51.100.7"},"http.request.method":"GET","http":{"request":{"referrer":"https://r.example/"},"response":{"status_code":200,"body":{"bytes":512}}},"url":{"original":"/p?q=1","domain":"shop.example.com"},"user_agent":{"original":"${AGENT}"}}`,
      "pino-http": `{"level":30,"time":1760104536000,"bytes":512,"req":{"method":"GET","url":"/p?q=1","headers":{"host":"shop.example.com","user-agent":"${AGENT}","referer":"https://r.example/"},"remoteAddress":"198.51.100.7"},"res":{"statusCode":200}}`,
      "API Gateway": `{"requestTime":"10/Oct/2025:13:55:36 +0000","ip":"198.51.100.7","httpMethod":"GET","path":"/p?q=1","status":"200","responseLength":"512","userAgent":"${AGENT}","host":"shop.example.com","referer":"https://r.example/"}`,
      "nginx without escape=json, numbers that it does not have": String.raw`{"time_iso8601":"2025-10-10T13:55:36+00:00","remote_addr":"198.51.100.7","upstream":,"took":-,"request":"GET /p?q=1 HTTP/1.1","status":200,"body_bytes_sent":512,"name":"caf\xC3\xA9 \x22x\x22","http_referer":"https://r.example/","http_user_agent":"${AGENT}","http_host":"shop.example.com"}`,
      "Caddy's console time": `{"ts":"2025/10/10 13:55:36","request":{"remote_addr":"198.51.100.7:50123","method":"GET","host":"shop.example.com","uri":"/p?q=1","headers":{"User-Agent":["${AGENT}"],"Referer":["https://r.example/"]}},"size":512,"status":200}`,
    }).map(([name, line]) => ({ name, format: "json", lines: [line], expected: EVERYTHING })),
    {
      name: "Google's balancer",
      format: "json",
      lines: [
        `{"httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example.com/p?q=1","status":200,"responseSize":"512","userAgent":"${AGENT}","remoteIp":"198.51.100.7","referer":"https://r.example/"},"timestamp":"2025-10-10T13:55:36Z"}`,
      ],
      expected: { ...COMMON, target: "https://shop.example.com/p?q=1", referrer: "https://r.example/" },
    },
    {
      name: "IIS with the date in a directive",
      format: "w3c",
      lines: [
        "#Date: 2025-10-10 13:00:00",
        "#Fields: time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) cs(Referer) sc-status sc-bytes",
        `13:55:36 GET /p q=1 198.51.100.7 ${AGENT.replaceAll(" ", "+")} https://r.example/ 200 512`,
      ],
      expected: WITHOUT_HOST,
    },
    {
      name: "CloudFront before 2019: blanks of the agent encoded twice",
      format: "w3c",
      lines: [
        "#Fields: date time sc-bytes c-ip cs-method cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header",
        `2025-10-10\t13:55:36\t512\t198.51.100.7\tGET\t/p\t200\thttps://r.example/\t${PERCENT_AGENT.replaceAll("%", "%25")}\tq=1\tshop.example.com`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "ALB, IPv6 in brackets",
      format: "alb",
      lines: [
        `https 2025-10-10T13:55:36.000000Z app/shop/50dc [2001:db8::1]:50123 10.0.0.1:80 0.0 0.0 0.0 200 200 34 512 "GET https://shop.example.com:443/p?q=1 HTTP/2.0" "${AGENT}" - - - "-" "shop.example.com"`,
      ],
      expected: { ...COMMON, address: "2001:db8::1", target: "https://shop.example.com:443/p?q=1" },
    },
    {
      name: "Envoy's text log",
      format: "envoy",
      lines: [
        `[2025-10-10T13:55:36.000Z] "GET /p?q=1 HTTP/2" 200 - 0 512 3 2 "198.51.100.7, 10.0.0.1" "${AGENT}" "8d17" "shop.example.com" "10.0.0.1:80"`,
      ],
      expected: { ...COMMON, target: "/p?q=1", host: "shop.example.com" },
    },
    {
      name: "Istio's, with details of a failure",
      format: "envoy",
      lines: [
        `[2025-10-10T13:55:36.000Z] "GET /p?q=1 HTTP/1.1" 200 UF via_upstream - "delayed connect error: 111" 0 512 3 - "198.51.100.7" "${AGENT}" "8d17" "shop.example.com:443" "10.0.0.1:80" inbound|80|| 127.0.0.6:1 10.0.0.1:80 10.0.0.2:0 - default`,
      ],
      expected: { ...COMMON, target: "/p?q=1", host: "shop.example.com" },
    },
    {
      name: "CloudFront, standard, as JSON",
      format: "json",
      lines: [
        `{"date":"2025-10-10","time":"13:55:36","x-edge-location":"FRA56","sc-bytes":"512","c-ip":"198.51.100.7","cs-method":"GET","cs(Host)":"d1.example","cs-uri-stem":"/p","sc-status":"200","cs(Referer)":"https://r.example/","cs(User-Agent)":"${PERCENT_AGENT}","cs-uri-query":"q=1","x-host-header":"shop.example.com"}`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "CloudFront, standard, with columns of later years and an escaped path",
      format: "w3c",
      lines: [
        "#Fields: date time c-ip cs-method cs-uri-stem sc-status x-forwarded-for cs(User-Agent) x-host-header x-new-column",
        `2025-10-10\t13:55:36\t10.0.0.1\tGET\t/a%2520b%25C3%25A9\t200\t198.51.100.7,%2010.0.0.1\t${PERCENT_AGENT}\tshop.example.com\tnew`,
      ],
      expected: { ...COMMON, bytes: undefined, target: "/a%20b%C3%A9", host: "shop.example.com" },
    },
    {
      name: "W3C with texts in quotes",
      format: "w3c",
      lines: [
        "#Fields: date time c-ip cs-method cs-uri-stem cs(User-Agent) sc-status sc-bytes",
        `2025-10-10 13:55:36 198.51.100.7 GET /p "${AGENT}" 200 512`,
      ],
      expected: { ...COMMON, target: "/p" },
    },
    {
      name: "HAProxy, IPv6",
      format: "haproxy",
      lines: [
        `2001:db8::1:443 [10/Oct/2025:13:55:36.000] http-in static/srv1 10/0/30/69/109 200 512 - - ---- 1/1/1/1/0 0/0 "GET /p HTTP/1.1"`,
      ],
      expected: { address: "2001:db8::1" },
    },
    {
      name: "HAProxy",
      format: "haproxy",
      lines: [
        `198.51.100.7:33317 [10/Oct/2025:13:55:36.000] http-in static/srv1 10/0/30/69/109 200 512 - - ---- 1/1/1/1/0 0/0 {shop} {} "GET /p?q=1 HTTP/1.1"`,
      ],
      expected: { address: "198.51.100.7", method: "GET", target: "/p?q=1", status: 200, bytes: 512 },
    },
    {
      name: "lighttpd: the host in place of ident",
      format: "combined",
      lines: [
        `198.51.100.7 shop.example.com - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "https://r.example/" "${AGENT}"`,
      ],
      expected: EVERYTHING,
    },
    {
      name: "a virtual host that is an address, with its port",
      format: "combined",
      lines: [
        `[2001:db8::2]:8443 198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET /p?q=1 HTTP/1.1" 200 512 "https://r.example/" "${AGENT}"`,
      ],
      expected: { ...WITHOUT_HOST, host: "[2001:db8::2]:8443" },
    },
    {
      name: "the time it took, before the request",
      format: "combined",
      lines: [
        `shop.example.com 198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] (3 ms) "GET /p?q=1 HTTP/1.1" 200 512 "https://r.example/" "${AGENT}"`,
      ],
      expected: EVERYTHING,
    },
  ];

function records(lines: readonly string[], format = formatNamed("combined")): AccessRecord[] {
  const read = format.open();
  return lines.flatMap((line) => {
    const record = read(line);
    if (record === NOT_A_REQUEST) return [];
    if (isBad(record)) throw new Error(`${record.reason}: ${line}`);
    return [record];
  });
}

test.each(SAMPLES)("$name: found out from its lines, and read", ({ lines, format, expected }) => {
  const found = detectFormat(lines);
  expect(found?.format.name).toBe(format);
  const [record] = records(lines, found?.format);
  expect(record).toMatchObject(expected);
  expect(new Date(record?.time ?? 0).toISOString()).toBe(TIME);
});

test("most of the lines decide: a bad one does not make another format of a file", () => {
  const [line = ""] = SAMPLES[0]?.lines ?? [];
  expect(detectFormat([line.slice(0, 50), line, line])?.format.name).toBe("combined");
  expect(detectFormat(["this is prose", "and so is this"])).toBeUndefined();
  expect(detectFormat([])).toBeUndefined();
});

test.each([
  ["w3c", "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2025-10-10 13:55:36 198.51.100.7 GET /a"],
  ["alb", (SAMPLES.find(({ name }) => name === "ALB")?.lines[0] ?? "").slice(0, 200)],
  ["s3", (SAMPLES.find(({ name }) => name === "S3")?.lines[0] ?? "").slice(0, 140)],
])("%s: a last line that was copied while it was written is bad", (name, text) => {
  const read = formatNamed(name).open();
  const [result] = text
    .split("\n")
    .map((line, index, all) => read(line, index === all.length - 1))
    .filter((found) => found !== NOT_A_REQUEST);
  expect(result).toMatchObject({ reason: expect.stringContaining("cut off") as string });
});

test("columns of W3C may change in the middle of a file", () => {
  const [first, second] = records(
    [
      "#Fields: date time c-ip cs-method cs-uri-stem sc-status",
      "2025-10-10 13:55:36 198.51.100.7 GET /a 200",
      "#Fields: date time cs-method cs-uri-stem c-ip sc-status",
      "2025-10-10 13:55:37 GET /b 198.51.100.8 404",
    ],
    formatNamed("iis"),
  );
  expect(first).toMatchObject({ target: "/a", address: "198.51.100.7" });
  expect(second).toMatchObject({ target: "/b", address: "198.51.100.8", status: 404 });
});
