// Writes down the licence of every package of which something was bundled, beside the bundle.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const TEXTS = /^(licen[cs]e|copying|notice|third-?party-?notices)/i;
const RULE = "-".repeat(78);

export class Licences {
  #packages = new Map();

  /** The plugin for a bundle whose packages belong to the list (a worker's). */
  gathered() {
    return {
      name: "licences-gathered",
      generateBundle: (_options, bundle) => this.#gather(bundle),
    };
  }

  /** The plugin for the main bundle, which comes last: it writes the list. */
  written(fileName) {
    const licences = this;
    return {
      name: "licences-written",
      generateBundle(_options, bundle) {
        licences.#gather(bundle, [...this.getModuleIds()]);
        this.emitFile({ type: "asset", fileName, source: licences.#text() });
      },
    };
  }

  // Stylesheets leave no trace in a chunk, but their modules are known to the bundler.
  #gather(bundle, more = []) {
    const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
    for (const id of [...modules, ...more]) {
      const folder = id.includes("node_modules") && packageOf(id.replace(/^\0/, ""));
      if (folder) this.#packages.set(folder, JSON.parse(readFileSync(join(folder, "package.json"))));
    }
  }

  #text() {
    const entries = [...this.#packages]
      .map(([folder, { name, version, license, repository }]) => {
        const texts = readdirSync(folder).filter((file) => TEXTS.test(file));
        const told = texts.map((file) => readFileSync(join(folder, file), "utf8").trim());
        if (told.length === 0) told.push(`No licence text came with it: ${repository?.url}`);
        return [`${name} ${version} (${license})`, ...told].join("\n\n");
      })
      .sort();
    return `${entries.join(`\n\n${RULE}\n\n`)}\n`;
  }
}

/** The folder of the package that holds a module: the nearest package.json that has a version. */
function packageOf(id) {
  for (let folder = dirname(id.split("?")[0]); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && JSON.parse(readFileSync(file)).version) return folder;
  }
  return null;
}
