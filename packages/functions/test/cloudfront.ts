export const ORIGIN_SECRET = "o".repeat(40);

/** Headers of a request as CloudFront passes it on, with what stacks/web.ts adds. https://docs.aws.amazon.com/AmazonCloudFront */
export function viaCloudFront(address: string, headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    "accept-encoding": "gzip",
    "cloudfront-forwarded-proto": "https",
    "cloudfront-is-desktop-viewer": "true",
    "cloudfront-is-mobile-viewer": "false",
    "cloudfront-viewer-city": "Paris",
    "cloudfront-viewer-country": "FR",
    "cloudfront-viewer-country-region-name": "Île-de-France",
    "cloudfront-viewer-http-version": "2.0",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    via: "2.0 d111111abcdef8.cloudfront.net (CloudFront)",
    "x-amz-cf-id": "example==",
    "x-amzn-trace-id": "Root=1-65a0a0a0-000000000000000000000000",
    // The client's own first, then who connected to CloudFront, then CloudFront's server: only the header below is believed.
    "x-forwarded-for": `10.9.8.7, ${address}, 130.176.1.1`,
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
    ...headers,
    "x-millrace-origin": ORIGIN_SECRET,
    "x-millrace-address": `${address}:0`,
  };
}
