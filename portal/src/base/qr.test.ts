import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { qrOfDigits, qrSize } from "./qr.js";

type Reader = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;
const loaded: unknown = createRequire(import.meta.url)("jsqr");
const read = ((loaded as { default?: Reader }).default ?? loaded) as Reader;

const scale = 4;
const quiet = 4;

// The picture as a camera sees it: black on white with its quiet zone.
function photographed(grid: boolean[][]): string | undefined {
    const side = (qrSize + 2 * quiet) * scale;
    const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
    for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
            const dark = grid[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet];
            if (dark) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
        }
    }
    return read(pixels, side, side)?.data;
}

test("another program reads the digits that were drawn, of every length that fits", () => {
    const digits = "1346591207382649051357924680112358";
    for (let length = 1; length <= digits.length; length++) {
        const text = digits.slice(0, length);
        const grid = qrOfDigits(text);
        assert.ok(grid);
        assert.equal(grid.length, qrSize);
        assert.equal(photographed(grid), text);
    }
});

test("many payer codes are read, whichever mask suits them", () => {
    for (let n = 0; n < 60; n++) {
        const text = "13" + String((n * 7_919_000_000_039) % 1e16).padStart(16, "0");
        assert.equal(photographed(qrOfDigits(text) ?? []), text);
    }
});

test("what is no digits, or too many, has no picture", () => {
    for (const text of ["", "12a", "1".repeat(35)]) assert.equal(qrOfDigits(text), undefined);
});
