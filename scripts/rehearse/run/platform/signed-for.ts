/** The emulator tells services apart by what a request is signed for; it does not check the signature. */
export function signedFor(service: string): { authorization: string } {
  const credential = `rehearsal/20260101/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` };
}
