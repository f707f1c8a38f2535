import type { Plugin } from "vite";
import { builtCatalogue, type Catalogue } from "./src/language/catalogue.ts";

/** Names the messages of a catalogue by numbers instead of their English, which the code holds already. */
export const catalogues: Plugin = {
  name: "catalogues",
  enforce: "pre",
  transform: {
    filter: { id: /\/src\/language\/[a-z]+\.json$/ },
    handler: (json) => ({
      code: `export default ${JSON.stringify(builtCatalogue(JSON.parse(json) as Catalogue))}`,
      map: null,
      moduleType: "js",
    }),
  },
};
