// Two languages, every text in both. The page redraws when the language changes.

import { keep, kept } from "./keep.js";

export type Language = "zh" | "en";

export type Words<Key extends string> = Record<Key, string>;

export type Values = Record<string, string | number>;

const storeKey = "huitong.language";

// Chinese for browsers that prefer any Chinese over English, English for all others.
export function preferred(languages: readonly string[]): Language {
    for (const language of languages) {
        const tag = language.toLowerCase();
        if (tag.startsWith("zh")) return "zh";
        if (tag.startsWith("en")) return "en";
    }
    return "en";
}

function remembered(): Language | undefined {
    const choice = kept(storeKey);
    return choice === "zh" || choice === "en" ? choice : undefined;
}

let current: Language | undefined;
const listeners = new Set<() => void>();

export function language(): Language {
    current ??= remembered() ?? preferred(navigator.languages);
    return current;
}

export function setLanguage(next: Language): void {
    current = next;
    keep(storeKey, next);
    document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
    listeners.forEach((listener) => listener());
}

export function onLanguage(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

// What Accept-Language should say.
export function languageTag(): string {
    return language() === "zh" ? "zh-CN" : "en";
}

// Puts {name} members into a text.
export function fill(text: string, values: Values = {}): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function translator<Key extends string>(
    zh: Words<Key>,
    en: Words<Key>,
): (key: Key, values?: Values) => string {
    return (key, values) => fill((language() === "zh" ? zh : en)[key], values);
}
