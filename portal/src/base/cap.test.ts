import assert from "node:assert/strict";
import { test } from "node:test";
import { alarmOf } from "./cap.js";

test("the highest alarm that is reached counts", () => {
    const cases: [number, number][] = [
        [0, 0], [49, 0], [50, 50], [69, 50], [70, 70], [84, 70],
        [85, 85], [94, 85], [95, 95], [100, 95], [250, 95],
    ];
    for (const [percent, alarm] of cases) assert.equal(alarmOf(percent), alarm, String(percent));
});
