/** The API's reference, read from its OpenAPI document. */

import "swagger-ui-dist/swagger-ui.css";
import bundle from "swagger-ui-dist/swagger-ui-bundle.js?url";

import { byId, pageValue } from "./page.ts";

declare global {
  interface Window {
    SwaggerUIBundle: (options: Record<string, unknown>) => unknown;
  }
}

const script = document.createElement("script");
script.src = bundle;
script.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: pageValue("openapi"),
    domNode: byId("api-reference"),
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    // The session cookie authenticates GETs; a token entered in the form authenticates everything.
    persistAuthorization: false,
  });
});
document.head.append(script);
