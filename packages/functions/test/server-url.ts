/** Address of a real server. @throws Error when there is none: a suite that skipped itself would be green and prove nothing */
export function serverUrl(name: string): string {
  const url = process.env[name];
  if (!url) throw new Error(`${name} is not set: this suite needs a real server, which \`npm test\` starts.`);
  return url;
}
