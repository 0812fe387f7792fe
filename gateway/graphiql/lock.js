// Takes the last addresses out of package-lock.json: the funding pages of the packages. With
// npm's own option (see "lock" in package.json) the lock then holds versions and hashes only,
// and the packages come from whichever index the machine is set up for.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.funding;
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
