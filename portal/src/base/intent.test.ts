import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import type { Answer } from "./http.js";
import { Intent, unfinished } from "./intent.js";

// Node 18 does not yet offer the browsers' name for it.
globalThis.crypto ??= webcrypto as Crypto;

class MemoryStore implements Storage {
    private readonly map = new Map<string, string>();
    get length(): number {
        return this.map.size;
    }
    key(n: number): string | null {
        return Array.from(this.map.keys())[n] ?? null;
    }
    getItem(key: string): string | null {
        return this.map.get(key) ?? null;
    }
    setItem(key: string, value: string): void {
        this.map.set(key, value);
    }
    removeItem(key: string): void {
        this.map.delete(key);
    }
    clear(): void {
        this.map.clear();
    }
}

type Outcome = Answer<{ state: string }>;

const paid: Outcome = { kind: "done", value: { state: "COMPLETED" } };
const declined: Outcome = { kind: "done", value: { state: "DECLINED" } };
const lost: Outcome = { kind: "unknown", reason: "offline", message: "" };
const refused = (code: string): Outcome => ({ kind: "refused", status: 403, code, message: "" });

// A door that answers from a list and remembers which ids it was sent.
function door(answers: Outcome[]): { ids: string[]; send: (id: string) => Promise<Outcome> } {
    const ids: string[] = [];
    const send = async (id: string): Promise<Outcome> => {
        ids.push(id);
        const answer = answers[ids.length - 1];
        assert.ok(answer, "the door was asked more often than expected");
        return answer;
    };
    return { ids, send };
}

const waits: number[] = [];
const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
};

test("every id is one that the door takes, and no two intents share one", () => {
    const store = new MemoryStore();
    const ids = Array.from({ length: 100 }, (_, n) => new Intent(`pay ${n}`, store).requestId);
    ids.forEach((id) => assert.match(id, /^[0-9A-Za-z_-]{8,64}$/));
    assert.equal(new Set(ids).size, 100);
});

test("an unknown outcome is repeated with the same id until it is known", async () => {
    const { ids, send } = door([lost, lost, paid]);
    waits.length = 0;
    const answer = await new Intent("pay a", new MemoryStore()).submit(send, [10, 20], sleep);
    assert.equal(answer.kind, "done");
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual(waits, [10, 20]);
});

test("an unknown intent keeps its id for the user's repeat, also after a reload", async () => {
    const store = new MemoryStore();
    const { ids, send } = door([lost, lost, lost, paid]);
    const first = new Intent("pay a", store);
    assert.equal((await first.submit(send, [1, 1], sleep)).kind, "unknown");
    assert.deepEqual(unfinished(store, "pay "), ["pay a"]);
    const reloaded = new Intent("pay a", store);
    assert.equal((await reloaded.submit(send, [1, 1], sleep)).kind, "done");
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual(unfinished(store, "pay "), []);
});

test("while the first answer is awaited the intent counts as unfinished", async () => {
    const store = new MemoryStore();
    let during: string[] = [];
    await new Intent("pay a", store).attempt(async () => {
        during = unfinished(store, "pay ");
        return paid;
    });
    assert.deepEqual(during, ["pay a"]);
    assert.equal(store.length, 0);
});

test("a recorded no spends the id: the next try is a new intent", async () => {
    for (const answer of [declined, refused("PAYMENT_PASSWORD_WRONG")]) {
        const { ids, send } = door([answer, paid]);
        const intent = new Intent("pay a", new MemoryStore());
        await intent.submit(send, [1], sleep);
        await intent.submit(send, [1], sleep);
        assert.equal(ids.length, 2);
        assert.notEqual(ids[0], ids[1]);
    }
});

test("a no without a trace keeps the id and is not repeated by itself", async () => {
    const store = new MemoryStore();
    const { ids, send } = door([refused("ORDER_LOCKED"), paid]);
    const intent = new Intent("pay a", store);
    assert.equal((await intent.submit(send, [1, 1], sleep)).kind, "refused");
    assert.equal(ids.length, 1);
    assert.deepEqual(unfinished(store, "pay "), []);
    await intent.submit(send, [1, 1], sleep);
    assert.equal(ids[0], ids[1]);
});

test("what was sent is repeated until it is answered, whatever is wished since", async () => {
    const store = new MemoryStore();
    const wishes: string[] = [];
    const answers = [lost, refused("ORDER_LOCKED"), paid];
    for (const wish of ["old!", "newer", "newest"]) {
        await new Intent("pay a", store, wish).attempt(async (_id, sent) => {
            wishes.push(sent);
            return answers[wishes.length - 1] ?? lost;
        });
    }
    assert.deepEqual(wishes, ["old!", "old!", "newest"]);
});

test("nothing but the id and the wish is ever stored", async () => {
    const store = new MemoryStore();
    const { send } = door([lost]);
    await new Intent("pay a", store).attempt(send);
    assert.equal(store.length, 1);
    assert.match(store.getItem(store.key(0) ?? "") ?? "", /^[0-9a-f]{32}!$/);
});
