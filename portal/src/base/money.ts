// Amounts are whole minor units, as the doors send them. They are cut and joined as digits and
// never divided, so what is shown is exact.

export interface Amount {
    total: number;
    currency: string;
}

// A formatted amount in pieces, so that a page can print the symbol and the fraction smaller.
export interface MoneyParts {
    sign: "" | "-" | "+";
    symbol: string;
    whole: string;
    fraction: string; // with its decimal point; empty for currencies without minor units
}

export function minorDigits(currency: string): number {
    try {
        const format = new Intl.NumberFormat("en", { style: "currency", currency });
        return format.resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
        return 2; // Not an ISO 4217 code; two digits is the least surprising guess.
    }
}

export function symbolOf(currency: string): string {
    try {
        const format = new Intl.NumberFormat("en", {
            style: "currency",
            currency,
            currencyDisplay: "narrowSymbol",
        });
        const part = format.formatToParts(0).find((piece) => piece.type === "currency");
        return part?.value ?? currency;
    } catch {
        return currency;
    }
}

function grouped(digits: string): string {
    return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

export function moneyParts(amount: Amount, plus = false): MoneyParts {
    const digits = minorDigits(amount.currency);
    const padded = Math.abs(amount.total)
        .toString()
        .padStart(digits + 1, "0");
    const cut = padded.length - digits;
    return {
        sign: amount.total < 0 ? "-" : plus && amount.total > 0 ? "+" : "",
        symbol: symbolOf(amount.currency),
        whole: grouped(padded.slice(0, cut)),
        fraction: digits > 0 ? "." + padded.slice(cut) : "",
    };
}

export function formatMoney(amount: Amount, plus = false): string {
    const { sign, symbol, whole, fraction } = moneyParts(amount, plus);
    const gap = /[A-Za-z]$/.test(symbol) ? "\u00a0" : "";
    return `${sign}${symbol}${gap}${whole}${fraction}`;
}

// The largest amount that a door takes (api/wallet.yaml, Amount).
export const amountMax = 1_000_000_000_000_000;

// Minor units of what a person typed, such as "12", "12.5" or "1,200.00"; undefined when it is not
// a positive amount of this currency. More decimals than the currency has are refused, not rounded.
export function parseAmount(text: string, currency: string): number | undefined {
    const plain = text.trim().replace(/[,，\s]/g, "").replace(/[。．]/g, ".");
    const match = /^(\d{1,16})(?:\.(\d*))?$/.exec(plain);
    if (!match) return undefined;
    const digits = minorDigits(currency);
    const fraction = match[2] ?? "";
    if (fraction.length > digits) return undefined;
    const total = Number((match[1] ?? "") + fraction.padEnd(digits, "0"));
    return total > 0 && total <= amountMax ? total : undefined;
}
