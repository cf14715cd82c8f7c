import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute } from "./route.js";
import { dayOf, formatClock, formatCountdown, formatDuration, formatStamp } from "./time.js";

test("a route is its path and its values", () => {
    const route = parseRoute("#/payment/4200?x=1&code=weixin%3A%2F%2Fa%3Fpr%3Db");
    assert.deepEqual(route.path, ["payment", "4200"]);
    assert.equal(route.values.get("x"), "1");
    assert.equal(route.values.get("code"), "weixin://a?pr=b");
});

test("odd routes break nothing", () => {
    assert.deepEqual(parseRoute("").path, []);
    assert.deepEqual(parseRoute("#/").path, []);
    assert.deepEqual(parseRoute("#//a//").path, ["a"]);
    assert.deepEqual(parseRoute("#/%zz").path, ["%zz"]);
});

test("times are shown in Beijing whatever offset they come with", () => {
    assert.equal(formatStamp("2026-03-01T12:01:09+08:00"), "2026-03-01 12:01:09");
    assert.equal(formatStamp("2026-02-28T23:30:00Z"), "2026-03-01 07:30:00");
    assert.equal(formatClock("2026-02-28T16:05:00Z"), "00:05");
    assert.equal(dayOf("2026-02-28T16:05:00Z"), "2026-03-01");
    assert.equal(formatStamp("nonsense"), "");
    assert.equal(formatStamp(undefined), "");
});

test("a duration has the unit that a reader can take in", () => {
    const shown = (ms: number): string => formatDuration(ms).replaceAll("\u00a0", "_");
    assert.equal(shown(0), "<_1_ms");
    assert.equal(shown(999), "999_ms");
    assert.equal(shown(1250), "1.25_s");
    assert.equal(shown(5000), "5.00_s");
});

test("a countdown rounds up and never goes below zero", () => {
    assert.equal(formatCountdown(300_000), "05:00");
    assert.equal(formatCountdown(299_001), "05:00");
    assert.equal(formatCountdown(59_000), "00:59");
    assert.equal(formatCountdown(3_661_000), "1:01:01");
    assert.equal(formatCountdown(-5), "00:00");
});
