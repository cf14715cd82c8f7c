import assert from "node:assert/strict";
import { test } from "node:test";
import { call, query, sentence, type Door } from "./http.js";

interface Seen {
    url: string;
    init: RequestInit;
}

function doorWith(respond: () => Promise<Response>): { door: Door; seen: Seen[]; ended: number[] } {
    const seen: Seen[] = [];
    const ended: number[] = [];
    const door: Door = {
        prefix: "/wallet/v1",
        token: () => "secret",
        language: () => "en",
        sessionEnded: () => ended.push(1),
        fetch: async (url, init) => {
            seen.push({ url: String(url), init: init ?? {} });
            return respond();
        },
    };
    return { door, seen, ended };
}

const json = (status: number, body: unknown): Response =>
    new Response(JSON.stringify(body), { status });

test("a request carries the session, the language and its body", async () => {
    const { door, seen } = doorWith(async () => json(200, { a: 1 }));
    assert.deepEqual(await call(door, "POST", "/payments", { b: 2 }), {
        kind: "done",
        value: { a: 1 },
    });
    const headers = seen[0]?.init.headers as Headers;
    assert.equal(seen[0]?.url, "/wallet/v1/payments");
    assert.equal(headers.get("Authorization"), "Bearer secret");
    assert.equal(headers.get("Accept-Language"), "en");
    assert.equal(headers.get("Content-Type"), "application/json");
    assert.equal(seen[0]?.init.body, '{"b":2}');
});

test("an empty answer is an answer", async () => {
    const { door } = doorWith(async () => new Response(null, { status: 204 }));
    assert.deepEqual(await call(door, "DELETE", "/sessions"), { kind: "done", value: undefined });
});

test("4xx is a refusal with the door's code", async () => {
    const { door, ended } = doorWith(async () => json(400, { code: "ORDER_PAID", message: "m" }));
    assert.deepEqual(await call(door, "GET", "/me"), {
        kind: "refused",
        status: 400,
        code: "ORDER_PAID",
        message: "m",
    });
    assert.equal(ended.length, 0);
});

test("429, 5xx and a broken connection leave the outcome unknown", async () => {
    const cases: [() => Promise<Response>, string][] = [
        [async () => json(429, { code: "FREQUENCY_LIMITED", message: "" }), "busy"],
        [async () => json(500, { code: "SYSTEM_ERROR", message: "" }), "server"],
        [async () => new Response("<html>bad gateway", { status: 502 }), "server"],
        [async () => Promise.reject(new TypeError("failed to fetch")), "offline"],
        [async () => new Response('{"half":', { status: 200 }), "offline"],
    ];
    for (const [respond, reason] of cases) {
        const { door } = doorWith(respond);
        const answer = await call(door, "POST", "/payments", {});
        assert.equal(answer.kind, "unknown");
        assert.equal(answer.kind === "unknown" && answer.reason, reason);
    }
});

test("only a lost session logs out: a wrong password does not", async () => {
    const lost = doorWith(async () => json(401, { code: "UNAUTHORIZED", message: "" }));
    await call(lost.door, "GET", "/me");
    assert.equal(lost.ended.length, 1);
    const wrong = doorWith(async () => json(401, { code: "CREDENTIALS_WRONG", message: "" }));
    await call(wrong.door, "POST", "/sessions", {});
    assert.equal(wrong.ended.length, 0);
});

test("a query leaves out what is not set and escapes the rest", () => {
    assert.equal(query({}), "");
    assert.equal(query({ a: undefined, b: "" }), "");
    assert.equal(query({ limit: 20, before: "a&b=c" }), "?limit=20&before=a%26b%3Dc");
});

test("an ended session ends the page's, unless the page has a new one by then", async () => {
    const gone = async (): Promise<Response> => json(401, { code: "UNAUTHORIZED", message: "m" });
    const { door, ended } = doorWith(gone);
    await call(door, "GET", "/me");
    assert.equal(ended.length, 1);
    let token = "old";
    const renewed = doorWith(async () => {
        token = "new"; // A new password came between the question and its answer.
        return gone();
    });
    renewed.door.token = () => token;
    await call(renewed.door, "GET", "/me");
    assert.equal(renewed.ended.length, 0);
});

test("a clause becomes a sentence, and Chinese stays as it is", () => {
    assert.equal(sentence("the payment does not exist"), "The payment does not exist");
    assert.equal(sentence("支付单不存在"), "支付单不存在");
    assert.equal(sentence(""), "");
});
