// Times come as RFC 3339 with +08:00 and are shown in Beijing time everywhere, so that a receipt
// here and the merchant's bill show the same digits. A browser elsewhere is told so.

const zone = "Asia/Shanghai";

const elsewhere = (): string => (new Date().getTimezoneOffset() === -480 ? "" : " UTC+8");

// en-GB gives a 24-hour clock and never the locale's own surprises.
const parts = (at: Date): Record<string, string> => {
    const format = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
    });
    return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
};

// Without the zone, for tables; "" when there is no time.
export function formatStamp(text: string | undefined): string {
    const at = new Date(text ?? "");
    if (Number.isNaN(at.getTime())) return "";
    const p = parts(at);
    return `${p["year"]}-${p["month"]}-${p["day"]} ${p["hour"]}:${p["minute"]}:${p["second"]}`;
}

export function formatTime(text: string | undefined): string {
    const stamp = formatStamp(text);
    return stamp === "" ? "" : stamp + elsewhere();
}

export function formatClock(text: string): string {
    const at = new Date(text);
    if (Number.isNaN(at.getTime())) return "";
    const p = parts(at);
    return `${p["hour"]}:${p["minute"]}`;
}

// The Beijing day of a time, as 2026-03-01: what the history is grouped by.
export function dayOf(text: string): string {
    const at = new Date(text);
    if (Number.isNaN(at.getTime())) return "";
    const p = parts(at);
    return `${p["year"]}-${p["month"]}-${p["day"]}`;
}

// The first moment of a day that somebody typed as 2026-03-01; undefined when there is no such day.
export function beijingMidnight(day: string): string | undefined {
    const text = `${day.trim()}T00:00:00+08:00`;
    return /^\d{4}-\d\d-\d\d$/.test(day.trim()) && dayOf(text) === day.trim() ? text : undefined;
}

// A day for people: "today", "yesterday" are the caller's words, others are formatted.
export function dayLabel(day: string, language: string): string {
    const at = new Date(`${day}T12:00:00+08:00`);
    const year = dayOf(new Date().toISOString()).slice(0, 4) === day.slice(0, 4);
    const format = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
        timeZone: zone,
        month: "long",
        day: "numeric",
        weekday: "short",
        ...(year ? {} : { year: "numeric" }),
    });
    return format.format(at);
}

// How long something took: "31 ms", "1.25 s", with a space that no line breaks at.
export function formatDuration(ms: number): string {
    if (ms < 1) return "<\u00a01\u00a0ms";
    return ms < 1000 ? `${ms}\u00a0ms` : `${(ms / 1000).toFixed(2)}\u00a0s`;
}

// "4:59" for a countdown; never negative.
export function formatCountdown(ms: number): string {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const two = (n: number): string => n.toString().padStart(2, "0");
    const rest = `${two(minutes)}:${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${rest}` : rest;
}
