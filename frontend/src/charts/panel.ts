/** A chart with everything around it: loading, empty and error states, a spoken summary and the same data as a table. */

import { text } from "../language.ts";
import { draw, type ECharts, type Option } from "./echarts.ts";

export interface Table {
  head: string[];
  rows: string[][];
}

export class ChartPanel {
  readonly canvas: HTMLElement;
  private readonly message: HTMLElement;
  private readonly table: HTMLTableElement;
  private turn = 0;

  constructor(private readonly element: HTMLElement) {
    this.canvas = element.querySelector(".chart") as HTMLElement;
    this.message = element.querySelector(".chart-message") as HTMLElement;
    this.table = element.querySelector("table") as HTMLTableElement;
  }

  /** Runs `load`; shows its outcome unless a newer call has started meanwhile. Errors are shown, not thrown. */
  async show<T>(load: () => Promise<T>, present: (data: T) => Promise<void> | void): Promise<void> {
    const turn = ++this.turn;
    this.element.setAttribute("aria-busy", "true");
    try {
      const data = await load();
      if (turn !== this.turn) return;
      this.say(null);
      await present(data);
    } catch (error) {
      if (turn === this.turn) this.say(error instanceof Error ? error.message : String(error), "error");
    } finally {
      if (turn === this.turn) this.element.removeAttribute("aria-busy");
    }
  }

  async draw(option: Option, summary: string, table: Table): Promise<ECharts> {
    this.say(null);
    this.canvas.setAttribute("aria-label", summary);
    this.fill(table);
    return draw(this.canvas, option);
  }

  empty(message = text("empty")): void {
    this.say(message, "empty");
    this.fill({ head: [], rows: [] });
  }

  private say(message: string | null, state = ""): void {
    this.message.hidden = message === null;
    this.message.textContent = message ?? "";
    this.element.dataset.state = message === null ? "" : state;
  }

  private fill({ head, rows }: Table): void {
    const cells = (values: string[], tag: "th" | "td") =>
      values.map((value, column) => {
        const cell = document.createElement(column === 0 ? "th" : tag);
        if (cell.tagName === "TH") cell.setAttribute("scope", tag === "th" ? "col" : "row");
        cell.textContent = value;
        return cell;
      });
    const row = (values: string[], tag: "th" | "td") => {
      const line = document.createElement("tr");
      line.append(...cells(values, tag));
      return line;
    };
    this.table.tHead?.replaceChildren(row(head, "th"));
    this.table.tBodies[0]?.replaceChildren(...rows.map((values) => row(values, "td")));
  }
}

export function panel(id: string): ChartPanel {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no chart panel #${id}.`);
  return new ChartPanel(element);
}
