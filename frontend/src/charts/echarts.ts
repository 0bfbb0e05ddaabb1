/** The parts of ECharts that the pages draw with; nothing else is bundled, and options are typed by these parts. */

import type { TooltipComponentFormatterCallbackParams } from "echarts";
import { BarChart, type BarSeriesOption, HeatmapChart, type HeatmapSeriesOption, LineChart, type LineSeriesOption } from "echarts/charts";
import {
  type DataZoomComponentOption,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  type GridComponentOption,
  type LegendComponentOption,
  LegendPlainComponent,
  MarkAreaComponent,
  TooltipComponent,
  type TooltipComponentOption,
  type VisualMapComponentOption,
  VisualMapContinuousComponent,
} from "echarts/components";
import { type ComposeOption, type ECharts, getInstanceByDom, init, use } from "echarts/core";
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
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

export type Option = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | DataZoomComponentOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;
export type { BarSeriesOption, DataZoomComponentOption, ECharts, LegendComponentOption, LineSeriesOption, TooltipComponentOption };

/** What a tooltip is asked to tell of. */
export type Pointed = TooltipComponentFormatterCallbackParams;

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

/** The series that a tooltip of an axis tells of. */
export function pointedAt(pointed: Pointed): Exclude<Pointed, readonly unknown[]>[] {
  return Array.isArray(pointed) ? pointed : [pointed];
}
