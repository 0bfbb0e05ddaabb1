/** Colours and the common look of charts, taken from the style sheet so that both themes agree with it. */

import type { Option } from "./echarts.ts";

export const FONT = '"Pretendard Variable", Pretendard, system-ui, sans-serif';

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

/** The colour with an opacity: `fade("rgb(1, 2, 3)", 0.2)`. */
export function fade(rgb: string, opacity: number): string {
  return rgb.replace(/^rgba?\(([^)]+)\)$/, (_, parts: string) => `rgba(${parts.split(",").slice(0, 3).join(",")}, ${opacity})`);
}

/** A colour between two, `share` of the way to the other. */
export function mix(rgb: string, other: string, share: number): string {
  const channels = (text: string) => (text.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const target = channels(other);
  const mixed = channels(rgb).map((channel, at) => Math.round(channel + ((target[at] ?? 0) - channel) * share));
  return `rgb(${mixed.join(", ")})`;
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

export function tooltip(): Option {
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

export function legend(): Option {
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
export function axis(): Option {
  const label = { fontFamily: FONT, fontSize: 11, color: colour("ink-muted") };
  return {
    axisLine: { show: false, lineStyle: { color: colour("line") } },
    axisTick: { show: false },
    axisLabel: { ...label, hideOverlap: true },
    splitLine: { lineStyle: { color: colour("line-soft") } },
    nameTextStyle: { ...label, align: "left" },
    nameGap: 12,
  };
}

/** The page must still scroll over a chart: wheel zooming needs Ctrl, and fingers zoom with the slider only. */
export function zooming(bottom = 4): Option[] {
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
