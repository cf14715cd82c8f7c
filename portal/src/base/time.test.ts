import assert from "node:assert/strict";
import { test } from "node:test";
import { beijingMidnight, dayOf } from "./time.js";

test("a day is its first moment in Beijing, and back", () => {
    assert.equal(beijingMidnight(" 2026-03-01 "), "2026-03-01T00:00:00+08:00");
    assert.equal(dayOf(beijingMidnight("2028-02-29") ?? ""), "2028-02-29");
});

test("what is no day has no moment", () => {
    for (const text of ["", "2026-02-29", "2026-13-01", "2026-3-1", "tomorrow"]) {
        assert.equal(beijingMidnight(text), undefined, text);
    }
});
