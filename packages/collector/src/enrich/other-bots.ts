/**
 * Agents that are no persons and are missing in isbot's list: monitors and libraries that people reported. Reviewed with each refresh
 * (`npm run user-agents -- --refresh`): what isbot knows by then is taken out here.
 */
const OTHER_BOTS: readonly RegExp[] = [
  /\bGTmetrix\b/,
  /\b(?:Windows)?PowerShell\/\d/,
  /^Dart\/\d[\d.]* \(dart:io\)$/,
  // An app names itself before it, and may have a person in front of it.
  /^CFNetwork\/\S+ Darwin\/\S+$/,
];

export function isOtherBot(header: string): boolean {
  return OTHER_BOTS.some((pattern) => pattern.test(header));
}
