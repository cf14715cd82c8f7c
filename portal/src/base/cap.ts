// How much of a net debit cap is used, and from where on an operator should know.

export const alarmPercents = [50, 70, 85, 95] as const;

export type Alarm = 0 | (typeof alarmPercents)[number];

// The highest alarm that is reached; 0: none.
export function alarmOf(usedPercent: number): Alarm {
    return [...alarmPercents].reverse().find((percent) => usedPercent >= percent) ?? 0;
}
