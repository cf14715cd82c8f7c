import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionBox, type Session } from "./session.js";

function memory(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
    const kept = new Map<string, string>();
    return {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
    };
}

const in_an_hour = new Date(Date.now() + 3_600_000).toISOString();
const later = new Date(Date.now() + 7_200_000).toISOString();
const alice: Session = { token: "one", expires_at: in_an_hour, name: "Alice", subject: "42" };

test("a reload finds the session that was set", () => {
    const store = memory();
    new SessionBox("s", store).set(alice);
    assert.deepEqual(new SessionBox("s", store).get(), alice);
    assert.equal(new SessionBox("other", store).get(), undefined);
});

test("a session that is over is none", () => {
    const store = memory();
    new SessionBox("s", store).set({ ...alice, expires_at: "2020-01-01T00:00:00Z" });
    assert.equal(new SessionBox("s", store).get(), undefined);
});

test("a renewed session keeps whose it is, and survives a reload", () => {
    const store = memory();
    const box = new SessionBox("s", store);
    let told = 0;
    box.onChange(() => (told += 1));
    box.set({ ...alice, must_change: true });
    box.renew("two", later);
    const renewed = { ...alice, token: "two", expires_at: later, must_change: false };
    assert.deepEqual(box.get(), renewed);
    assert.deepEqual(new SessionBox("s", store).get(), box.get());
    assert.equal(told, 2);
});

test("nobody's session is not renewed", () => {
    const box = new SessionBox("s", memory());
    box.renew("two", later);
    assert.equal(box.get(), undefined);
});

test("a tab follows what another tab stored, also when storage was cleared", () => {
    const store = memory();
    const mine = new SessionBox("s", store);
    const other = new SessionBox("s", store);
    mine.set(alice);
    other.follow("s");
    other.renew("two", later);
    mine.follow("another key");
    assert.equal(mine.get()?.token, "one");
    mine.follow("s");
    assert.equal(mine.get()?.token, "two");
    store.removeItem("s");
    mine.follow(null);
    assert.equal(mine.get(), undefined);
});
