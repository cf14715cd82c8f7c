import assert from "node:assert/strict";
import { test } from "node:test";
import { amountMax, formatMoney, minorDigits, moneyParts, parseAmount } from "./money.js";

test("an amount is shown with every minor unit it has", () => {
    const cases: [number, string, string][] = [
        [0, "CNY", "¥0.00"],
        [1, "CNY", "¥0.01"],
        [99, "CNY", "¥0.99"],
        [100, "CNY", "¥1.00"],
        [123456789, "CNY", "¥1,234,567.89"],
        [-2800, "CNY", "-¥28.00"],
        [1000, "JPY", "¥1,000"],
        [1234, "KWD", "KWD\u00a01.234"],
        [amountMax, "CNY", "¥10,000,000,000,000.00"],
        [amountMax - 1, "CNY", "¥9,999,999,999,999.99"],
    ];
    for (const [total, currency, want] of cases) {
        assert.equal(formatMoney({ total, currency }), want);
    }
});

test("a plus is shown only when asked for and only above zero", () => {
    assert.equal(formatMoney({ total: 800, currency: "CNY" }, true), "+¥8.00");
    assert.equal(formatMoney({ total: 0, currency: "CNY" }, true), "¥0.00");
    assert.equal(moneyParts({ total: -800, currency: "CNY" }, true).sign, "-");
});

test("an unknown currency is named and has two digits", () => {
    assert.equal(minorDigits("not a code"), 2);
    assert.equal(formatMoney({ total: 150, currency: "??" }), "??1.50");
});

test("what a person types becomes exact minor units", () => {
    const cases: [string, string, number][] = [
        ["12", "CNY", 1200],
        ["12.", "CNY", 1200],
        ["12.5", "CNY", 1250],
        [" 1,200.05 ", "CNY", 120005],
        ["１２".normalize("NFKC"), "CNY", 1200],
        ["0.29", "CNY", 29],
        ["8。5", "CNY", 850],
        ["100", "JPY", 100],
        ["1.234", "KWD", 1234],
        ["10000000000000", "CNY", amountMax],
    ];
    for (const [text, currency, want] of cases) {
        assert.equal(parseAmount(text, currency), want, text);
    }
});

test("what is not a positive amount of the currency is refused, never rounded", () => {
    const cases: [string, string][] = [
        ["", "CNY"],
        ["0", "CNY"],
        ["0.00", "CNY"],
        ["-1", "CNY"],
        ["1.005", "CNY"],
        ["1.5", "JPY"],
        ["1e3", "CNY"],
        ["abc", "CNY"],
        [".5", "CNY"],
        ["10000000000000.01", "CNY"],
        ["99999999999999999999", "CNY"],
    ];
    for (const [text, currency] of cases) {
        assert.equal(parseAmount(text, currency), undefined, text);
    }
});

test("parsing what was shown gives the amount back", () => {
    for (let total = 1; total < amountMax; total = total * 7 + 3) {
        const { whole, fraction } = moneyParts({ total, currency: "CNY" });
        assert.equal(parseAmount(whole + fraction, "CNY"), total);
    }
});
