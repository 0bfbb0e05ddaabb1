/** A small line without axes, drawn as SVG. */

import { HEIGHT, outlineOf, WIDTH } from "./outline.ts";

const NAMESPACE = "http://www.w3.org/2000/svg";

export function drawSparkline(svg: SVGSVGElement, values: (number | null)[]): void {
  const outline = outlineOf(values);
  if (!outline) return;
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren(path("sparkline-area", outline.area), path("sparkline-line", outline.line));
}

function path(className: string, outline: string): SVGPathElement {
  const element = document.createElementNS(NAMESPACE, "path");
  element.setAttribute("class", className);
  element.setAttribute("d", outline);
  return element;
}
