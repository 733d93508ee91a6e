// The one chart of the overview and of the wall; loaded when somebody looks at it.
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export interface Drawn {
    show(days: string[], values: number[], said: string[]): void;
    resize(): void;
    dispose(): void;
}

export interface Look {
    line: string;
    area: string;
    grid: string;
    words: string;
    /** Of the words at the axes, in px. */
    size: number;
}

const paper: Look = { line: '#1F6549', area: 'rgba(31,101,73,.07)', grid: '#E5E0D6', words: '#655F55', size: 13 };

export function draw(element: HTMLElement, look: Look = paper): Drawn {
    const chart = init(element, undefined, { renderer: 'svg' });
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    return {
        show(days, values, said) {
            chart.setOption({
                animation: !still,
                animationDuration: 280,
                grid: { left: 4, right: 16, top: 16, bottom: 4, containLabel: true },
                tooltip: { trigger: 'axis', formatter: (points: { dataIndex: number }[]) => `${days[points[0]!.dataIndex]}<br><b>${said[points[0]!.dataIndex]}</b>`, textStyle: { color: '#23211D', fontSize: 14 } },
                xAxis: { type: 'category', data: days, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: look.grid } }, axisLabel: { color: look.words, fontSize: look.size, margin: 12, interval: (index: number) => (days.length - 1 - index) % 3 === 0, showMaxLabel: true } },
                yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: look.grid } }, axisLabel: { color: look.words, fontSize: look.size } },
                series: [{ type: 'line', data: values, symbol: 'circle', symbolSize: (_: number, point: { dataIndex: number }) => (point.dataIndex === values.length - 1 ? 9 : 5), itemStyle: { color: look.line }, lineStyle: { width: 2.5, color: look.line }, areaStyle: { color: look.area } }],
            });
        },
        resize: () => chart.resize(),
        dispose: () => chart.dispose(),
    };
}
