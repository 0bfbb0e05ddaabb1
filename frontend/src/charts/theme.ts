/** Colours and the common look of charts, taken from the style sheet so that both themes agree with it. */

import { tick } from "../format.ts";
import { fade } from "./colours.ts";
import type { DataZoomComponentOption, LegendComponentOption, Option, TooltipComponentOption } from "./echarts.ts";

const FONT = '"Pretendard Variable", Pretendard, system-ui, sans-serif';

const QUANTITIES = ["electricity", "gas", "heat", "cooling", "water"];

/** The colour that `var(--ondol-NAME)` has now, as rgb(). */
export function colour(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--ondol-${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export function quantityColour(quantity: string): string {
  return colour(QUANTITIES.includes(quantity) ? quantity : "other");
}

export function isNarrow(element: HTMLElement): boolean {
  return element.clientWidth < 520;
}

export function baseOption(): Option {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    textStyle: { fontFamily: FONT, color: colour("ink-muted") },
    grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
  };
}

export function tooltip(): TooltipComponentOption {
  return {
    renderMode: "richText", // HTML tooltips need inline styles
    confine: true,
    backgroundColor: colour("surface-raised"),
    borderColor: colour("line"),
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { fontFamily: FONT, fontSize: 12, lineHeight: 18, color: colour("ink") },
    axisPointer: { lineStyle: { color: colour("ink-muted"), type: "solid", width: 1 } },
  };
}

export function legend(): LegendComponentOption {
  return {
    top: 0,
    left: 0,
    icon: "roundRect",
    itemWidth: 14,
    itemHeight: 4,
    itemGap: 16,
    textStyle: { fontFamily: FONT, fontSize: 12, color: colour("ink") },
    inactiveColor: colour("line"),
  };
}

/** Look of an axis; spread it and add the rest. */
export function axis() {
  return {
    axisLine: { show: false, lineStyle: { color: colour("line") } },
    axisTick: { show: false },
    axisLabel: { ...axisText(), hideOverlap: true },
    splitLine: { lineStyle: { color: colour("line-soft") } },
    nameTextStyle: { ...axisText(), align: "left" as const },
    nameGap: 12,
  };
}

/** Look of an axis of values. */
export function valueAxis() {
  const look = axis();
  return { ...look, type: "value" as const, axisLabel: { ...look.axisLabel, formatter: (value: number) => tick(value) } };
}

export function axisText() {
  return { fontFamily: FONT, fontSize: 11, color: colour("ink-muted") };
}

/** The page must still scroll over a chart: wheel zooming needs Ctrl, and fingers zoom with the slider only. */
export function zooming(bottom = 4): DataZoomComponentOption[] {
  const hasMouse = !matchMedia("(pointer: coarse)").matches;
  return [
    { type: "inside", disabled: !hasMouse, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, filterMode: "none" },
    {
      type: "slider",
      height: 18,
      bottom,
      left: 56,
      right: 24,
      filterMode: "none",
      showDetail: false,
      brushSelect: false,
      borderColor: colour("line"),
      fillerColor: fade(colour("brand"), 0.12),
      handleStyle: { color: colour("surface-raised"), borderColor: colour("ink-muted") },
      handleSize: "130%",
      dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
      selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
    },
  ];
}
