/** The outline of a small line without axes, in SVG's path language. */

export const WIDTH = 160;
export const HEIGHT = 36;
const MARGIN = 2;

/** The line and the area down to the edge, broken where a value is missing; null when there are fewer than two values. */
export function outlineOf(values: (number | null)[]): { line: string; area: string } | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const [top, bottom] = [Math.max(0, ...known), Math.min(0, ...known)];
  const x = (index: number) => ((index / (values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - MARGIN - ((value - bottom) / (top - bottom || 1)) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const lines = unbrokenRuns(values).map((run) => ({
    from: x(run[0]?.[0] ?? 0),
    to: x(run.at(-1)?.[0] ?? 0),
    path: `M${run.map(([index, value]) => `${x(index)},${y(value)}`).join("L")}`,
  }));
  return {
    line: lines.map(({ path }) => path).join(""),
    area: lines.map(({ path, from, to }) => `${path}L${to},${HEIGHT}L${from},${HEIGHT}Z`).join(""),
  };
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
