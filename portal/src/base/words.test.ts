import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as operator from "../operator/words.js";
import * as wallet from "../wallet/words.js";
import { fill, preferred } from "./i18n.js";

interface Book {
    zh: Record<string, string>;
    en: Record<string, string>;
    folders: string[];
}

const books: Record<string, Book> = {
    wallet: { zh: wallet.zh, en: wallet.en, folders: ["wallet", "cashier"] },
    operator: { zh: operator.zh, en: operator.en, folders: ["operator"] },
};

const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

function sources(folders: string[]): string {
    return folders
        .flatMap((folder) =>
            readdirSync(join("src", folder))
                .filter((name) => /\.tsx?$/.test(name) && name !== "words.ts")
                .map((name) => readFileSync(join("src", folder, name), "utf8")),
        )
        .join("\n");
}

// Texts whose keys are put together from a word and a code of the door.
const composed = new RegExp(
    "^(state|hint|error|unknown|not_payable|kind|role|key_mode|key_family|key_kind|chart|event"
        + "|freeze|unfreeze|protocol|code_form|code_hint|code_kind)_",
);

for (const [name, { zh, en, folders }] of Object.entries(books)) {
    test(`${name}: both languages have the same texts, none empty`, () => {
        assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
        for (const key of Object.keys(zh)) {
            assert.notEqual(zh[key]?.trim(), "", key);
            assert.notEqual(en[key]?.trim(), "", key);
        }
    });

    test(`${name}: both languages have the same {places}`, () => {
        for (const key of Object.keys(zh)) {
            assert.deepEqual(places(en[key] ?? ""), places(zh[key] ?? ""), key);
        }
    });

    test(`${name}: Chinese is Chinese and English is not`, () => {
        for (const [key, text] of Object.entries(en)) {
            if (key !== "language_switch") assert.doesNotMatch(text, /\p{Script=Han}/u, key);
        }
        const latin = Object.keys(zh).filter((key) => !/\p{Script=Han}/u.test(zh[key] ?? ""));
        assert.deepEqual(
            latin.filter((key) => !["language_switch", "code_placeholder", "openid"].includes(key)),
            [],
        );
    });

    test(`${name}: every text is used`, () => {
        const text = sources(folders);
        const unused = Object.keys(zh).filter(
            (key) => !composed.test(key) && !new RegExp(`["\`]${key}["\`]`).test(text),
        );
        assert.deepEqual(unused, []);
    });
}

test("the browser's first Chinese or English decides, English by default", () => {
    assert.equal(preferred(["zh-TW", "en"]), "zh");
    assert.equal(preferred(["fr", "en-GB", "zh"]), "en");
    assert.equal(preferred(["sw", "my"]), "en");
    assert.equal(preferred([]), "en");
});

test("places are filled, unknown ones are left", () => {
    assert.equal(fill("a {b} {c}", { b: 1 }), "a 1 {c}");
});
