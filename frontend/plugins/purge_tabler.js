import { PurgeCSS } from "purgecss";

const content = ["../src/ondol/web/templates/**/*.html", "src/**/*.ts"];
const skippedContentGlobs = ["src/**/*.test.ts", "src/api_types.ts"]; // their words name no classes

/** Leaves only those rules of Tabler's style sheet that a template or a script names. */
export function purgeTabler() {
  return {
    name: "purge-tabler",
    enforce: "pre",
    async transform(css, id) {
      if (!id.includes("@tabler/core/dist/css/tabler.css")) return null;
      const [purged] = await new PurgeCSS().purge({
        content,
        skippedContentGlobs,
        css: [{ raw: css }],
        defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
        variables: false,
      });
      return { code: purged.css, map: null };
    },
  };
}
