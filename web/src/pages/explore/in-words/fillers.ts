import { phrases } from "./phrases.ts";

const ENGLISH =
  "a an the of in on at to for from with by and or who which what where that was were is are be did do does done has have had got get my our me we us i you their its it " +
  "please show give tell list count many much there any all total most did happened come came see saw overall";
const GERMAN =
  "ein eine einen der die das den dem des von im in am an auf zu für mit aus und oder nach pro je wer welche welcher welches was wo sind ist war waren es gab gibt bitte zeige zeig mir " +
  "unsere unser wir viel alle gesamt meisten meistens hatten haben hat kamen";

/** Words that carry no meaning of their own here. */
export const FILLERS = phrases<true>([`${ENGLISH} ${GERMAN}`.split(" "), true]);
