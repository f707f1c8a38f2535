import { describe, expect, test } from "vitest";
import { browserName, deviceOf, osName } from "./user-agent-names.ts";

const NEXUS = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36";

describe("a family of browsers has one name, however its device or its disguise is called", () => {
  test.each([
    ["Internet Explorer", ["IE", "IEMobile"]],
    ["Safari", ["Safari", "Mobile Safari"]],
    ["Chrome", ["Chrome", "Mobile Chrome", "Chrome Headless"]],
    ["Firefox", ["Firefox", "Mobile Firefox", "Iceweasel"]],
    ["WebView", ["Chrome WebView"]],
    ["Opera", ["Opera", "Opera Mobi", "Opera Tablet"]],
    ["Google Search App", ["GSA"]],
    ["Yandex Browser", ["Yandex"]],
    ["UC Browser", ["UCBrowser"]],
    ["QQ Browser", ["QQBrowser", "QQBrowserLite"]],
  ])("%s", (ours, names) => {
    for (const name of names) expect(browserName(name, NEXUS), name).toBe(ours);
  });

  test("a word of the client's that is a name of objects is no browser of ours", () => {
    expect(browserName("constructor", "")).toBe("constructor");
    expect(osName("constructor", "")).toBe("constructor");
  });

  test("an app that shows pages itself is the browser, whatever the parser took it for", () => {
    expect(browserName("Facebook", "… [FBAN/MessengerForiOS;FBAV/400]")).toBe("Messenger");
    expect(browserName("Mobile Safari", "… [FBAN/FBIOS;FBAV/400]")).toBe("Facebook");
    expect(browserName(undefined, "… [Pinterest/iOS]")).toBe("Pinterest");
    expect(browserName("WebKit", "… [Pinterest/Android]")).toBe("Pinterest");
    expect(browserName("WebKit", "… [Pinterest/Web]")).toBe("WebKit");
  });

  test("Internet Explorer 11 hides, and so does one Firefox; of others nothing is made up", () => {
    const hidden = "Mozilla/5.0 (compatible, Windows NT 6.3; Trident/7.0; Touch; rv:11.0) like Gecko";
    expect(browserName(undefined, hidden)).toBe("Internet Explorer");
    expect(browserName(undefined, "Trident/7.0 like Gecko")).toBeNull();
    expect(browserName(undefined, "x")).toBeNull();
    expect(browserName("Mozilla", "Mozilla/5.0 (X11; Linux) Firefox 52.0")).toBe("Firefox");
    expect(browserName("Mozilla", "Mozilla/5.0 (X11; Linux)")).toBe("Mozilla");
    expect(browserName("Chrome", "like Firefox 52.0")).toBe("Chrome");
  });
});

describe("a family of systems has one name", () => {
  test.each([
    ["macOS", ["Mac OS", "mac os"]],
    ["ChromeOS", ["Chromium OS", "Chrome OS"]],
    ["Windows Phone", ["Windows Phone OS", "Windows Mobile", "Windows Phone"]],
    ["BlackBerry OS", ["BlackBerry", "RIM Tablet OS"]],
    ["DragonFly BSD", ["DragonFly"]],
    ["Joli OS", ["Joli"]],
    ["FreeBSD", ["FreeBSD", "freebsd"]],
    ["OpenBSD", ["openbsd"]],
    ["NetBSD", ["netbsd"]],
    [
      "Linux",
      ["Linux", "NetTV", "Ubuntu", "ubuntu", "Debian", "Fedora", "SUSE", "Mint", "GNU", "elementary OS", "Arch"],
    ],
    ["Windows", ["Windows"]],
    ["Android", ["Android"]],
  ])("%s", (ours, names) => {
    for (const name of names) expect(osName(name, NEXUS), name).toBe(ours);
  });

  test("a distribution is told by the beginning of its name", () => {
    expect(osName("New Ubuntu", "")).toBe("New Ubuntu");
    expect(osName(undefined, NEXUS)).toBeNull();
  });

  test("Amazon's tablets and phone are told by their models, and the first iPhones by theirs", () => {
    expect(osName("Android", "Mozilla/5.0 (Linux; Android 9; KFMAWI Build/PS7327)")).toBe("Fire OS");
    expect(osName("Android", "Mozilla/5.0 (Linux; U; Android 4.4; SD4930UR Build/KTU84P)")).toBe("Fire OS");
    expect(osName("Android", "Mozilla/5.0 (Linux; Android 9; KF Build/PS7327)")).toBe("Android");
    expect(osName("Linux", "Mozilla/5.0 (Linux; KFMAWI Build/PS7327)")).toBe("Linux");
    for (const device of ["iPhone", "iPod", "iPad"]) {
      expect(osName("Mac OS", `Mozilla/5.0 (${device}; U; CPU like Mac OS X; en)`)).toBe("iOS");
      expect(osName("Windows", `Mozilla/5.0 (${device}; U)`)).toBe("Windows");
    }
    expect(osName("Mac OS", "Mozilla/5.0 (Macintosh; Intel Mac OS X) iPhone")).toBe("macOS");
  });
});

describe("a kind of device", () => {
  test.each([
    ["mobile", "mobile"],
    ["tablet", "tablet"],
    ["smarttv", "tv"],
    ["console", "console"],
    ["wearable", "wearable"],
    ["embedded", "other"],
    ["xr", "other"],
  ])("that the parser calls %s is a %s, whatever its system", (type, device) => {
    for (const os of ["Windows", "Android", null]) expect(deviceOf(type, os, NEXUS)).toBe(device);
  });

  test.each([
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
  ])("is a desktop by the silence of %s", (os) => {
    expect(deviceOf(undefined, os, "x Tablet")).toBe("desktop");
  });

  test.each([
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
  ])("is a phone by the silence of %s, unless the header says that it is a tablet", (os) => {
    expect(deviceOf(undefined, os, NEXUS)).toBe("mobile");
    expect(deviceOf(undefined, os, "Mozilla (Android; tablet; rv:68)")).toBe("tablet");
    expect(deviceOf(undefined, os, "Mozilla (PlayBook; U)")).toBe("tablet");
    expect(deviceOf(undefined, os, "Mozilla (Tablets; U)")).toBe("mobile");
  });

  test("is unknown where the system is, and a phone for Opera's own browser for phones", () => {
    expect(deviceOf(undefined, "Plan 9", "x")).toBe("other");
    expect(deviceOf(undefined, null, "x Tablet")).toBe("other");
    expect(deviceOf("tablet", "Windows", "Opera/9 (Windows; Opera Mobi/1)")).toBe("mobile");
    expect(deviceOf("tablet", "Windows", "Opera/9 (Windows; Opera Mobile/1)")).toBe("tablet");
  });
});
