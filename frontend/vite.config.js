import { resolve } from "node:path";
import { defineConfig } from "vite";

import { compressAssets } from "./plugins/compress_assets.js";
import { emitLicences } from "./plugins/emit_licences.js";
import { purgeTabler } from "./plugins/purge_tabler.js";

const pages = ["shell", "portfolio", "building", "point", "api_docs"];

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [purgeTabler(), emitLicences(), compressAssets()],
  build: {
    outDir: resolve(import.meta.dirname, "../src/ondol/web/static"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
    modulePreload: { polyfill: false },
    // The content security policy allows fonts and scripts from files only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    license: { fileName: "licences.md" },
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, resolve(import.meta.dirname, `src/${page}.ts`)])),
    },
  },
});
