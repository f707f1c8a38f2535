import { createDuckDbStore } from "../src/index.ts";

// Opens the file named by its argument and keeps it open until it is killed.
await createDuckDbStore({ path: process.argv[2] ?? "", clock: { now: Date.now } });
console.log("open");
setInterval(() => {}, 60_000);
