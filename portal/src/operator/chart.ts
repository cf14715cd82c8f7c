// The two charts of the overview. Only the parts of ECharts that they need are bundled, and this
// module is loaded after the rest of the page is on the screen.
import { BarChart, LineChart } from "echarts/charts";
import {
    AriaComponent,
    GridComponent,
    LegendComponent,
    TooltipComponent,
} from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { formatMoney, minorDigits } from "../base/money.js";
import { formatClock } from "../base/time.js";
import type { Point } from "./api.js";
import { t } from "./words.js";

use([
    AriaComponent,
    BarChart,
    CanvasRenderer,
    GridComponent,
    LegendComponent,
    LineChart,
    TooltipComponent,
]);

export type ChartKind = "payments" | "amount";

const css = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axes(points: Point[], unit: string): object {
    const text = { color: css("--muted"), fontSize: 12 };
    return {
        animationDuration: 300,
        aria: { enabled: true },
        textStyle: { fontFamily: css("--font") },
        grid: { left: 8, right: 12, top: 56, bottom: 4, containLabel: true },
        xAxis: {
            type: "category",
            data: points.map((point) => formatClock(point.minute)),
            axisLine: { lineStyle: { color: css("--line") } },
            axisTick: { show: false },
            axisLabel: text,
        },
        yAxis: {
            type: "value",
            name: unit,
            nameTextStyle: { ...text, align: "left" },
            nameGap: 10,
            minInterval: 1,
            axisLabel: text,
            splitLine: { lineStyle: { color: css("--line") } },
        },
        legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8,
            textStyle: text },
        tooltip: {
            trigger: "axis",
            // Drawn on the canvas: markup with style attributes is against the page's policy.
            renderMode: "richText",
            backgroundColor: css("--raised"),
            borderColor: css("--line"),
            textStyle: { color: css("--ink"), fontSize: 13 },
        },
    };
}

function paymentSeries(points: Point[]): object {
    const bar = (name: string, color: string, of: (point: Point) => number): object => ({
        name,
        type: "bar",
        stack: "all",
        barCategoryGap: "25%",
        itemStyle: { color },
        data: points.map(of),
    });
    return {
        series: [
            bar(t("completed"), css("--chart-good"), (point) => point.payments),
            bar(t("declined"), css("--chart-bad"), (point) => point.declined),
            bar(t("refunds"), css("--amber"), (point) => point.refunds),
        ],
    };
}

function amountSeries(points: Point[], currency: string): object {
    // Only heights of a line on the screen are computed with fractions; the label has the digits.
    const scale = 10 ** minorDigits(currency);
    return {
        series: [
            {
                name: t("amount"),
                type: "line",
                smooth: 0.25,
                symbol: "none",
                lineStyle: { width: 2.5, color: css("--chart-line") },
                itemStyle: { color: css("--chart-line") },
                areaStyle: { color: css("--chart-line"), opacity: 0.12 },
                data: points.map((point) => point.amount.total / scale),
                tooltip: {
                    valueFormatter: (value: number) =>
                        formatMoney({ total: Math.round(value * scale), currency }),
                },
            },
        ],
    };
}

export class Chart {
    private readonly chart: EChartsType;
    private readonly observer: ResizeObserver;

    constructor(box: HTMLElement, private readonly kind: ChartKind) {
        this.chart = init(box, undefined, { renderer: "canvas" });
        this.observer = new ResizeObserver(() => this.chart.resize());
        this.observer.observe(box);
    }

    show(points: Point[]): void {
        const currency = points[0]?.amount.currency ?? "CNY";
        const [series, unit] = this.kind === "payments"
            ? [paymentSeries(points), t("chart_unit")]
            : [amountSeries(points, currency), currency];
        this.chart.setOption({ ...axes(points, unit), ...series });
    }

    end(): void {
        this.observer.disconnect();
        this.chart.dispose();
    }
}
