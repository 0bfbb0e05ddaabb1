import { readFileSync } from "node:fs";

const licences = {
  "licences/pretendard-OFL.txt": "node_modules/pretendard/dist/LICENSE.txt",
  "licences/swagger-ui-LICENSE.txt": "node_modules/swagger-ui-dist/LICENSE",
  "licences/swagger-ui-NOTICE.txt": "node_modules/swagger-ui-dist/NOTICE",
};

/** Ships the licence texts of what is copied rather than bundled; bundled packages are listed in licences.md. */
export function emitLicences() {
  return {
    name: "emit-licences",
    apply: "build",
    generateBundle() {
      for (const [fileName, path] of Object.entries(licences)) {
        this.emitFile({ type: "asset", fileName, source: readFileSync(path, "utf8") });
      }
    },
  };
}
