import { siteOf } from "./host.ts";

/**
 * Sites that send visitors, by what they are. Our own list: the large search engines, networks, mailboxes, shops, video sites
 * and AI assistants by general knowledge, reviewed with each release. It need not be complete: an unknown site is a Referral.
 */
export type SourceKind = "search" | "social" | "video" | "email" | "shopping" | "assistant";

export interface KnownSource {
  readonly name: string;
  readonly kind: SourceKind;
}

/**
 * Name → domains. A domain stands for its subdomains too. `google.*` stands for the brand under any national ending, bare or
 * with `www.`/`m.` only: `docs.google.com` is not the search engine. Names of Android apps are what `android-app://` referrers
 * have in place of a host.
 */
const SITES: Record<SourceKind, Readonly<Record<string, string>>> = {
  search: {
    Google:
      "google.* com.google.android.googlequicksearchbox com.google.android.gms syndicatedsearch.goog cse.google.com",
    Bing: "bing.com cn.bing.com com.microsoft.bing",
    DuckDuckGo: "duckduckgo.com com.duckduckgo.mobile.android",
    Yahoo: "search.yahoo.com search.yahoo.co.jp yahoo.*",
    Yandex: "yandex.* ya.ru",
    Baidu: "baidu.com",
    Ecosia: "ecosia.org",
    Brave: "search.brave.com",
    Startpage: "startpage.com",
    Qwant: "qwant.com",
    Naver: "search.naver.com naver.com",
    Daum: "search.daum.net daum.net",
    Seznam: "search.seznam.cz seznam.cz",
    Sogou: "sogou.com",
    So: "so.com",
    Shenma: "sm.cn",
    Petal: "petalsearch.com",
    "Coc Coc": "coccoc.com",
    Ask: "ask.com",
    AOL: "search.aol.com search.aol.co.uk",
    Lycos: "search.lycos.com",
    MetaGer: "metager.org metager.de",
    Swisscows: "swisscows.com",
    Mojeek: "mojeek.com",
    Kagi: "kagi.com",
    Presearch: "presearch.com presearch.org",
    Searx: "searx.be searx.space",
    Ghostery: "ghosterysearch.com",
    Rambler: "nova.rambler.ru",
    "Mail.ru": "go.mail.ru",
    Onet: "szukaj.onet.pl",
    "T-Online": "suche.t-online.de",
    "Web.de": "suche.web.de",
    GMX: "suche.gmx.net suche.gmx.at suche.gmx.ch",
    Dogpile: "dogpile.com",
    WebCrawler: "webcrawler.com",
    Info: "info.com",
    Gibiru: "gibiru.com",
    Lilo: "lilo.org search.lilo.org",
    Goo: "search.goo.ne.jp",
    Excite: "excite.co.jp msxml.excite.com",
    Biglobe: "cgi.search.biglobe.ne.jp",
    Virgilio: "ricerca.virgilio.it",
    Walla: "search.walla.co.il",
  },
  assistant: {
    ChatGPT: "chatgpt.com chat.openai.com com.openai.chatgpt",
    Claude: "claude.ai com.anthropic.claude",
    Gemini: "gemini.google.com bard.google.com com.google.android.apps.bard",
    Copilot: "copilot.microsoft.com copilot.cloud.microsoft copilot.com m365.cloud.microsoft com.microsoft.copilot",
    Perplexity: "perplexity.ai ai.perplexity.app.android",
    DeepSeek: "chat.deepseek.com deepseek.com",
    "Le Chat": "chat.mistral.ai",
    Grok: "grok.com",
    "Meta AI": "meta.ai",
    Poe: "poe.com",
    "You.com": "you.com",
    Phind: "phind.com",
    Qwen: "chat.qwen.ai",
    Kimi: "kimi.com kimi.moonshot.cn",
    Doubao: "doubao.com",
    Felo: "felo.ai",
    "Character.AI": "character.ai",
  },
  social: {
    Facebook: "facebook.com fb.com fb.me com.facebook.katana com.facebook.lite",
    Instagram: "instagram.com com.instagram.android",
    Threads: "threads.net threads.com",
    X: "x.com twitter.com t.co com.twitter.android",
    LinkedIn: "linkedin.com lnkd.in com.linkedin.android",
    Reddit: "reddit.com redd.it com.reddit.frontpage",
    Pinterest: "pinterest.* pin.it com.pinterest",
    "Hacker News": "news.ycombinator.com",
    Lobsters: "lobste.rs",
    Mastodon: "mastodon.social mastodon.online mstdn.social fosstodon.org hachyderm.io",
    Bluesky: "bsky.app go.bsky.app",
    Tumblr: "tumblr.com",
    Quora: "quora.com",
    Medium: "medium.com",
    Substack: "substack.com",
    "Stack Overflow": "stackoverflow.com",
    "Stack Exchange": "stackexchange.com",
    "Product Hunt": "producthunt.com",
    "DEV Community": "dev.to",
    Discord: "discord.com discord.gg discordapp.com",
    Slack: "slack.com com.slack",
    "Microsoft Teams": "teams.microsoft.com teams.live.com statics.teams.cdn.office.net",
    Telegram: "t.me web.telegram.org telegram.org org.telegram.messenger",
    WhatsApp: "whatsapp.com wa.me com.whatsapp",
    Messenger: "messenger.com m.me",
    Signal: "signal.me",
    Snapchat: "snapchat.com com.snapchat.android",
    TikTok: "tiktok.com com.zhiliaoapp.musically",
    VK: "vk.com vk.ru away.vk.com",
    Odnoklassniki: "ok.ru",
    Weibo: "weibo.com weibo.cn t.cn",
    WeChat: "weixin.qq.com mp.weixin.qq.com",
    Zhihu: "zhihu.com",
    Douban: "douban.com",
    Xiaohongshu: "xiaohongshu.com",
    LINE: "line.me",
    KakaoTalk: "pf.kakao.com story.kakao.com",
    Xing: "xing.com",
    Nextdoor: "nextdoor.com",
    Flipboard: "flipboard.com",
    Disqus: "disqus.com",
    Hatena: "b.hatena.ne.jp",
    Viadeo: "viadeo.com",
    Yammer: "yammer.com",
    Glassdoor: "glassdoor.com",
  },
  video: {
    YouTube: "youtube.com youtu.be com.google.android.youtube youtube-nocookie.com",
    Vimeo: "vimeo.com",
    Twitch: "twitch.tv",
    Dailymotion: "dailymotion.com",
    Bilibili: "bilibili.com b23.tv",
    Rumble: "rumble.com",
    Niconico: "nicovideo.jp",
    Youku: "youku.com",
    Netflix: "netflix.com",
    Odysee: "odysee.com",
    Rutube: "rutube.ru",
    Wistia: "wistia.com",
  },
  email: {
    Gmail: "mail.google.com inbox.google.com com.google.android.gm",
    Outlook: "outlook.live.com outlook.office.com outlook.office365.com outlook.com com.microsoft.office.outlook",
    "Yahoo Mail": "mail.yahoo.com mail.yahoo.co.jp mail.yahoo.net com.yahoo.mobile.client.android.mail",
    "AOL Mail": "mail.aol.com",
    "iCloud Mail": "icloud.com",
    "Proton Mail": "mail.proton.me mail.protonmail.com",
    Fastmail: "app.fastmail.com fastmail.com",
    "Zoho Mail": "mail.zoho.com mail.zoho.eu",
    "GMX Mail": "navigator.gmx.net navigator-bs.gmx.net 3c.gmx.net deref-gmx.net",
    "Web.de Mail": "navigator.web.de navigator-bs.web.de 3c.web.de deref-web.de",
    "Mail.ru Mail": "e.mail.ru",
    "Yandex Mail": "mail.yandex.ru mail.yandex.com",
    "Orange Mail": "webmail.orange.fr messagerie.orange.fr",
    "Free Mail": "webmail.free.fr",
    Tuta: "app.tuta.com mail.tutanota.com",
    "QQ Mail": "mail.qq.com",
    "163 Mail": "mail.163.com",
    "Naver Mail": "mail.naver.com",
    "Daum Mail": "mail.daum.net",
    Superhuman: "mail.superhuman.com",
    HEY: "app.hey.com",
  },
  shopping: {
    Amazon: "amazon.*",
    eBay: "ebay.*",
    Etsy: "etsy.com",
    AliExpress: "aliexpress.com aliexpress.us",
    Alibaba: "alibaba.com",
    Walmart: "walmart.com",
    "Google Shopping": "shopping.google.com",
    Idealo: "idealo.de idealo.at idealo.co.uk idealo.fr",
    Rakuten: "rakuten.co.jp rakuten.com",
    "Mercado Libre": "mercadolibre.com mercadolivre.com.br",
    Shopee: "shopee.com shopee.sg",
    Temu: "temu.com",
    Zalando: "zalando.*",
    Allegro: "allegro.pl",
    Shopify: "shopify.com shop.app",
  },
};

/** Words people write into `utm_source` for a site of the list. */
const ALIASES: Readonly<Record<string, string>> = {
  fb: "Facebook",
  ig: "Instagram",
  insta: "Instagram",
  twitter: "X",
  tw: "X",
  yt: "YouTube",
  li: "LinkedIn",
  adwords: "Google",
  googleads: "Google",
  hackernews: "Hacker News",
  hn: "Hacker News",
  outlook: "Outlook",
  openai: "ChatGPT",
  facebookads: "Facebook",
  fbads: "Facebook",
  instagramads: "Instagram",
  linkedinads: "LinkedIn",
  tiktokads: "TikTok",
  bingads: "Bing",
  microsoftads: "Bing",
};

/** A word as it is looked up: people write Product Hunt, product-hunt and producthunt. */
function keyOf(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, "");
}

const BY_DOMAIN = new Map<string, KnownSource>();
const BY_BRAND = new Map<string, KnownSource>();
const BY_WORD = new Map<string, KnownSource>();

for (const [kind, sites] of Object.entries(SITES) as [SourceKind, Readonly<Record<string, string>>][]) {
  for (const [name, domains] of Object.entries(sites)) {
    const source = { name, kind };
    BY_WORD.set(keyOf(name), source);
    for (const domain of domains.split(" ")) {
      if (domain.endsWith(".*")) BY_BRAND.set(domain.slice(0, -2), source);
      else BY_DOMAIN.set(domain, source);
    }
  }
}
for (const [word, name] of Object.entries(ALIASES)) {
  const source = BY_WORD.get(keyOf(name));
  if (source) BY_WORD.set(word, source);
}

const NATIONAL = /^(?:www\.|m\.)?([a-z]+)\.(?:com|net|org|co|[a-z]{2}|(?:com|co)\.[a-z]{2})$/;

/** The site a referring host belongs to. */
export function sourceOfHost(referrer: string): KnownSource | undefined {
  const host = siteOf(referrer);
  for (let domain = host; ;) {
    const known = BY_DOMAIN.get(domain);
    if (known) return known;
    const dot = domain.indexOf(".");
    if (dot < 0) break;
    domain = domain.slice(dot + 1);
  }
  const brand = NATIONAL.exec(host)?.[1];
  return brand === undefined ? undefined : BY_BRAND.get(brand);
}

/** The site a `utm_source` means: its name, a usual short form, or its domain. */
export function sourceOfWord(word: string): KnownSource | undefined {
  return BY_WORD.get(keyOf(word)) ?? sourceOfHost(word.trim().toLowerCase());
}
