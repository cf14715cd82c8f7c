// Parts that wallet and cashier share: what went wrong, headings, the language switch.
import type { ComponentChildren, JSX } from "preact";
import { language, setLanguage } from "../base/i18n.js";
import { sentence } from "../base/http.js";
import type { Failure } from "../ui/hooks.js";
import { Button, IconButton, Notice } from "../ui/controls.js";
import { Icon } from "../ui/icons.js";
import { t, zh, type Word } from "./words.js";

// What to do about a no: our advice where we have some, else the door's own words.
export function adviceFor(code: string, message: string): string {
    const hint = `hint_${code}`;
    if (hint in zh) return t(hint as Word);
    return message === "" ? t("error_refused", { code: code || "?" }) : sentence(message);
}

export function failureText(failure: Failure): string {
    if (failure.kind === "refused") return adviceFor(failure.code, failure.message);
    const hint = `hint_${failure.code ?? ""}`;
    return t(hint in zh ? (hint as Word) : `error_${failure.reason}`);
}

export function Failed(props: { failure: Failure; onRetry?: () => void }): JSX.Element {
    const retry = props.onRetry;
    return (
        <Notice
            kind="bad"
            title={t("failed_title")}
            {...(retry === undefined
                ? {}
                : {
                      action: (
                          <Button kind="plain" icon="refresh" onClick={retry}>
                              {t("retry")}
                          </Button>
                      ),
                  })}
        >
            {failureText(props.failure)}
        </Notice>
    );
}

export function PageHead(props: {
    title: string;
    onBack?: () => void;
    children?: ComponentChildren;
}): JSX.Element {
    return (
        <header class="page-head">
            {props.onBack ? (
                <IconButton icon="back" label={t("back")} onClick={props.onBack} />
            ) : null}
            <h1>{props.title}</h1>
            {props.children}
        </header>
    );
}

export function LanguageSwitch(): JSX.Element {
    const other = language() === "zh" ? "en" : "zh";
    return (
        <button
            type="button"
            class="language"
            lang={other === "zh" ? "zh-CN" : "en"}
            onClick={() => setLanguage(other)}
        >
            <Icon name="globe" />
            {t("language_switch")}
        </button>
    );
}

// A merchant's first character in a coloured disc; the colour is the name's own.
export function Disc({ name }: { name: string }): JSX.Element {
    const sum = Array.from(name).reduce((n, c) => n + (c.codePointAt(0) ?? 0), 0);
    return (
        <span class={`disc tone-${sum % 5}`} aria-hidden="true">
            {Array.from(name)[0] ?? "?"}
        </span>
    );
}
