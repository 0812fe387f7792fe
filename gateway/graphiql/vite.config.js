import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

import { Licences } from "./licences.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const licences = new Licences();

export default defineConfig({
  root: here("."),
  base: "/static/graphiql/",
  // React's JSX runtime is all that is needed; nobody edits this page in a running server.
  oxc: { jsx: { runtime: "automatic" } },
  plugins: [licences.written("THIRD-PARTY-LICENCES.txt")],
  // Workers are bundled apart, and what is in them is licensed too.
  worker: { format: "es", plugins: () => [licences.gathered()] },
  build: {
    outDir: here("../static/graphiql"),
    emptyOutDir: true,
    target: "es2022",
    // "use client" and the like speak to servers that render React; here is none.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    // The editor is one large chunk by nature: it is loaded once and then kept by the browser.
    chunkSizeWarningLimit: 5000,
  },
});
