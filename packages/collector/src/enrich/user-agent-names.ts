/** The kinds of device that the standard field `$device` knows. */
export type Device = "desktop" | "mobile" | "tablet" | "tv" | "console" | "wearable" | "other";

/**
 * The parser's names → ours. One family has one name, so that a report does not split it by device. Maps, because the parser
 * may hand on a word of the client's, and `constructor` is no browser.
 */
const BROWSERS = mapOf({
  IE: "Internet Explorer",
  IEMobile: "Internet Explorer",
  "Mobile Safari": "Safari",
  "Mobile Chrome": "Chrome",
  "Mobile Firefox": "Firefox",
  "Chrome Headless": "Chrome",
  "Chrome WebView": "WebView",
  "Opera Mobi": "Opera",
  "Opera Tablet": "Opera",
  GSA: "Google Search App",
  Iceweasel: "Firefox",
  Yandex: "Yandex Browser",
  UCBrowser: "UC Browser",
  QQBrowser: "QQ Browser",
  QQBrowserLite: "QQ Browser",
});

/** By lower-case name: some browsers write theirs so. */
const SYSTEMS = mapOf({
  "mac os": "macOS",
  "chromium os": "ChromeOS",
  "chrome os": "ChromeOS",
  "windows phone os": "Windows Phone",
  "windows mobile": "Windows Phone",
  blackberry: "BlackBerry OS",
  "rim tablet os": "BlackBerry OS",
  dragonfly: "DragonFly BSD",
  joli: "Joli OS",
  nettv: "Linux",
  linux: "Linux",
  freebsd: "FreeBSD",
  openbsd: "OpenBSD",
  netbsd: "NetBSD",
});

/** Distributions are told apart by few browsers and asked about by nobody: a report would split Linux by accident. */
const LINUX =
  /^(?:Arch|CentOS|Debian|Fedora|Gentoo|Kubuntu|Lubuntu|Linspire|Mageia|Mandriva|Manjaro|Mint|PCLinuxOS|RedHat|Slackware|SUSE|Ubuntu|VectorLinux|Xubuntu|Zenwalk|elementary OS|GNU|Raspbian)/i;

/** Amazon's tablets and phone say "Android"; their model is what gives them away. */
export const FIRE_TABLET = /\b(?:KF[A-Z]{2,5}|SD\d{4}UR) Build\//;

const DESKTOP = new Set([
  "Windows",
  "macOS",
  "Linux",
  "ChromeOS",
  "FreeBSD",
  "OpenBSD",
  "NetBSD",
  "DragonFly BSD",
  "Unix",
  "Joli OS",
  "Solaris",
]);
const PHONE = new Set([
  "iOS",
  "Android",
  "Windows Phone",
  "BlackBerry OS",
  "KaiOS",
  "Firefox OS",
  "HarmonyOS",
  "Symbian",
  "Bada",
  "Tizen",
  "Sailfish",
]);

const DEVICES = mapOf<Device>({
  mobile: "mobile",
  tablet: "tablet",
  smarttv: "tv",
  console: "console",
  wearable: "wearable",
});

/** Apps that show pages themselves, in forms that the parser takes for the engine, or for another app of the same company. */
const IN_APP: readonly (readonly [RegExp, string])[] = [
  [/\bFBAN\/Messenger/, "Messenger"],
  [/\[FBAN\/FB/, "Facebook"],
  [/\[Pinterest\/(?:iOS|Android)/, "Pinterest"],
];

/** Our name of the browser; null when unknown. */
export function browserName(name: string | undefined, header: string): string | null {
  const app = IN_APP.find(([pattern]) => pattern.test(header));
  if (app) return app[1];
  // Internet Explorer 11 in the forms that do not start with the token the parser looks for.
  if (name === undefined) return /\bTrident\/.*\brv:/.test(header) ? "Internet Explorer" : null;
  if (name === "Mozilla" && header.includes(" Firefox ")) return "Firefox";
  return BROWSERS.get(name) ?? name;
}

/** Our name of the operating system; null when unknown. */
export function osName(name: string | undefined, header: string): string | null {
  if (name === undefined) return null;
  if (name === "Android" && FIRE_TABLET.test(header)) return "Fire OS";
  // The first iPods and iPhones said only "CPU like Mac OS X".
  if (name === "Mac OS" && /\b(?:iPhone|iPod|iPad);/.test(header)) return "iOS";
  return SYSTEMS.get(name.toLowerCase()) ?? (LINUX.test(name) ? "Linux" : name);
}

/** The kind of device. The parser names desktops by silence; only a desktop's system makes silence one. */
export function deviceOf(type: string | undefined, os: string | null, header: string): Device {
  if (/\bOpera Mobi\b/.test(header)) return "mobile";
  if (type !== undefined) return DEVICES.get(type) ?? "other";
  if (os !== null && DESKTOP.has(os)) return "desktop";
  if (os !== null && PHONE.has(os)) return /\bTablet\b|\bPlayBook\b/i.test(header) ? "tablet" : "mobile";
  return "other";
}

function mapOf<T extends string>(names: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(names));
}
