import assert from "node:assert/strict";
import { test } from "node:test";
import { groupedDigits, renewAfterMs } from "./payer_code.js";

test("digits are shown in groups of six", () => {
    assert.equal(groupedDigits("134659120738264905"), "134659 120738 264905");
    assert.equal(groupedDigits("123456"), "123456");
    assert.equal(groupedDigits("1234567"), "123456 7");
    assert.equal(groupedDigits(""), "");
});

test("a code is renewed before it ends, whatever this browser's clock says", () => {
    const now = Date.parse("2026-03-01T12:00:00+08:00");
    const cases: [string, number][] = [
        ["2026-03-01T12:01:00+08:00", 50_000],
        ["2026-03-01T12:00:40+08:00", 30_000],
        ["2026-03-01T12:00:10+08:00", 5_000],
        ["2026-03-01T11:00:00+08:00", 5_000],
        ["2026-03-01T13:00:00+08:00", 50_000],
        ["no time", 5_000],
    ];
    for (const [expiresAt, want] of cases) assert.equal(renewAfterMs(expiresAt, now), want);
});
