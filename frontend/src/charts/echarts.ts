/** The parts of ECharts that the pages draw with; nothing else is bundled. */

import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { type ECharts, getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

export type { ECharts };
/** An option as ECharts documents it; its own types reject parts of that. */
export type Option = Record<string, unknown>;

const resizing = new ResizeObserver((entries) => {
  for (const { target } of entries) getInstanceByDom(target as HTMLElement)?.resize();
});

/** Draws into the element, replacing what it showed. A canvas cannot swap fonts later, so they are loaded first. */
export async function draw(element: HTMLElement, option: Option): Promise<ECharts> {
  await document.fonts.load('12px "Pretendard Variable"', "0kW월시");
  let chart = getInstanceByDom(element);
  if (!chart) {
    chart = init(element);
    resizing.observe(element);
  }
  chart.setOption(option, { notMerge: true });
  return chart;
}
