export { defineMillraceEmbed, MillraceEmbed, type GetToken } from "./element.ts";
