import android from "@iconify-icons/logos/android-icon";
import apple from "@iconify-icons/logos/apple";
import brave from "@iconify-icons/logos/brave";
import chrome from "@iconify-icons/logos/chrome";
import duckduckgo from "@iconify-icons/logos/duckduckgo";
import firefox from "@iconify-icons/logos/firefox";
import explorer from "@iconify-icons/logos/internetexplorer";
import linux from "@iconify-icons/logos/linux-tux";
import edge from "@iconify-icons/logos/microsoft-edge";
import windows from "@iconify-icons/logos/microsoft-windows-icon";
import opera from "@iconify-icons/logos/opera";
import safari from "@iconify-icons/logos/safari";
import ubuntu from "@iconify-icons/logos/ubuntu";
import vivaldi from "@iconify-icons/logos/vivaldi";
import * as flags from "country-flag-icons/string/3x2";
import type { Plugin } from "vite";
import { MARKS_FOLDER, type LogoName } from "./src/marks/names.ts";

const LOGOS: Readonly<Record<LogoName, typeof chrome>> = {
  android,
  apple,
  brave,
  chrome,
  duckduckgo,
  edge,
  explorer,
  firefox,
  linux,
  opera,
  safari,
  ubuntu,
  vivaldi,
  windows,
};

/** Puts flags and logos beside the built page, a file each: a row asks for its own, and no script has all of them. */
export const marks: Plugin = {
  name: "marks",
  apply: "build",
  generateBundle() {
    const put = (name: string, source: string): void => {
      this.emitFile({ type: "asset", fileName: `${MARKS_FOLDER}/${name}.svg`, source });
    };
    for (const [code, svg] of Object.entries(flags)) put(code, svg);
    for (const [name, { body, width = 16, height = 16 }] of Object.entries(LOGOS))
      put(name, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${body}</svg>`);
  },
};
