/** A small line without axes, drawn as SVG. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDTH = 160;
const HEIGHT = 36;

export function drawSparkline(svg: SVGSVGElement, values: (number | null)[]): void {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return;
  const top = Math.max(...known);
  const bottom = Math.min(0, ...known);
  const x = (index: number) => (index / (values.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 2 - ((value - bottom) / (top - bottom || 1)) * (HEIGHT - 4);
  const runs = unbrokenRuns(values);
  const line = runs.map((run) => `M${run.map(([index, value]) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join("L")}`);
  const area = runs.map((run, number) => {
    const [first, last] = [run[0]?.[0] ?? 0, run.at(-1)?.[0] ?? 0];
    return `${line[number]}L${x(last).toFixed(1)},${HEIGHT}L${x(first).toFixed(1)},${HEIGHT}Z`;
  });
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren(path("sparkline-area", area.join("")), path("sparkline-line", line.join("")));
}

function unbrokenRuns(values: (number | null)[]): [number, number][][] {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  values.forEach((value, index) => {
    if (value !== null) run.push([index, value]);
    if ((value === null || index === values.length - 1) && run.length) {
      runs.push(run);
      run = [];
    }
  });
  return runs;
}

function path(className: string, outline: string): SVGPathElement {
  const element = document.createElementNS(NAMESPACE, "path");
  element.setAttribute("class", className);
  element.setAttribute("d", outline);
  return element;
}
