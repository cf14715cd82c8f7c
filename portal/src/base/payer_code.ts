// How a payer code is shown, and when the next one is asked for.

// In groups that a cashier can read aloud: "134659 120738 264905".
export const groupedDigits = (digits: string): string => digits.replace(/(\d{6})(?=\d)/g, "$1 ");

// Ten seconds before its end, so that a till has time for what it scanned. This browser's clock may
// be wrong: then the code is renewed at least every 50 seconds, and at most every 5.
export function renewAfterMs(expiresAt: string, now: number): number {
    const left = Date.parse(expiresAt) - now - 10_000;
    return Math.min(50_000, Math.max(5_000, Number.isNaN(left) ? 0 : left));
}
