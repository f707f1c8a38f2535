import { useQuery } from "@tanstack/react-query";
import { Picture } from "./picture.tsx";

type Logo = { readonly body: string; readonly width?: number; readonly height?: number };
type Load = () => Promise<{ readonly default: Logo }>;

/** Browsers and systems by their names, as user agents are read; the first that fits. Each drawing comes when a row needs it. */
const LOGOS: readonly (readonly [RegExp, Load])[] = [
  [/edge/i, () => import("@iconify-icons/logos/microsoft-edge")],
  [/opera/i, () => import("@iconify-icons/logos/opera")],
  [/firefox/i, () => import("@iconify-icons/logos/firefox")],
  [/brave/i, () => import("@iconify-icons/logos/brave")],
  [/vivaldi/i, () => import("@iconify-icons/logos/vivaldi")],
  [/duckduckgo/i, () => import("@iconify-icons/logos/duckduckgo")],
  [/chrom/i, () => import("@iconify-icons/logos/chrome")],
  [/safari/i, () => import("@iconify-icons/logos/safari")],
  [/^ie\b|explorer/i, () => import("@iconify-icons/logos/internetexplorer")],
  [/windows/i, () => import("@iconify-icons/logos/microsoft-windows-icon")],
  [/^(ios|ipados|mac|tvos|watchos)/i, () => import("@iconify-icons/logos/apple")],
  [/android/i, () => import("@iconify-icons/logos/android-icon")],
  [/ubuntu/i, () => import("@iconify-icons/logos/ubuntu")],
  [/linux/i, () => import("@iconify-icons/logos/linux-tux")],
];

/** The mark of a browser or a system; nothing for those without one here. */
export default function Logo({ value }: { readonly value: string }) {
  const [, load] = LOGOS.find(([names]) => names.test(value)) ?? [];
  const { data } = useQuery({
    queryKey: ["logo", load ? value : undefined],
    queryFn: async () => (await load?.())?.default ?? null,
    staleTime: Infinity,
    enabled: load !== undefined,
  });
  if (!data) return null;
  const { body, width = 16, height = 16 } = data;
  return <Picture svg={`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${body}</svg>`} />;
}
