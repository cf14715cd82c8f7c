// A payer code as bars and as a QR picture, drawn from its digits in the browser.
import type { JSX } from "preact";
import { code128 } from "../base/code128.js";
import { qrOfDigits, qrSize } from "../base/qr.js";

// The light margin that readers need around each, in widths of the narrowest bar or dot.
const barsMargin = 10;
const dotsMargin = 4;
const barsHeight = 50;

export function Bars({ digits, label }: { digits: string; label: string }): JSX.Element | null {
    const widths = code128(digits);
    if (!widths) return null;
    let x = barsMargin;
    let path = "";
    widths.forEach((width, n) => {
        if (n % 2 === 0) path += `M${x} 0h${width}v${barsHeight}h-${width}z`;
        x += width;
    });
    return (
        <svg class="bars" viewBox={`0 0 ${x + barsMargin} ${barsHeight}`} role="img"
            aria-label={label} preserveAspectRatio="none" shape-rendering="crispEdges">
            <path d={path} />
        </svg>
    );
}

export function Dots({ digits, label }: { digits: string; label: string }): JSX.Element | null {
    const grid = qrOfDigits(digits);
    if (!grid) return null;
    const side = qrSize + 2 * dotsMargin;
    const path = grid
        .flatMap((row, y) =>
            row.map((dark, x) => (dark ? `M${x + dotsMargin} ${y + dotsMargin}h1v1h-1z` : "")),
        )
        .join("");
    return (
        <svg class="dots-picture" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}
            shape-rendering="crispEdges">
            <path d={path} />
        </svg>
    );
}
