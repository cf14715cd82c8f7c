import assert from "node:assert/strict";
import { test } from "node:test";
import { code128 } from "./code128.js";

// The symbols between quiet zones, each as its text of widths; the stop is a bar longer.
function symbolsOf(widths: number[]): string[] {
    const text = widths.join("");
    return [...(text.slice(0, -7).match(/.{6}/g) ?? []), text.slice(-7)];
}

test("digits become a start, a symbol for each pair, a check symbol and a stop", () => {
    const symbols = symbolsOf(code128("1234") ?? []);
    // 105 + 12 * 1 + 34 * 2 = 185, and 185 mod 103 = 82.
    assert.deepEqual(symbols, ["211232", "112232", "131123", "121241", "2331112"]);
});

test("every symbol is eleven wide, its bars an even number, and none is like another", () => {
    const seen = new Set<string>();
    for (let pair = 0; pair < 100; pair++) {
        const symbol = symbolsOf(code128(String(pair).padStart(2, "0")) ?? [])[1] ?? "";
        const widths = Array.from(symbol, Number);
        assert.equal(widths.reduce((sum, width) => sum + width), 11, symbol);
        assert.equal(widths.filter((_, n) => n % 2 === 0).reduce((sum, w) => sum + w) % 2, 0);
        seen.add(symbol);
    }
    assert.equal(seen.size, 100);
});

test("what is no even number of digits has no bars", () => {
    for (const text of ["", "1", "123", "12a4", "１２"]) assert.equal(code128(text), undefined);
});
