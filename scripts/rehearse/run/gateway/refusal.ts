/** How a service says no, in its own protocol, so that its client sees what it would see on AWS. */
export function refusal(service: string, message: string): { status: number; type: string; body: string } {
  if (service === "s3") {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`;
    return { status: 403, type: "application/xml", body };
  }
  if (service === "es") return { status: 403, type: "application/json", body: JSON.stringify({ Message: message }) };
  return {
    status: 400,
    type: "application/x-amz-json-1.0",
    body: JSON.stringify({ __type: "com.amazonaws#AccessDeniedException", message }),
  };
}
