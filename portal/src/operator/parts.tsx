// Parts that several operator views share.
import type { ComponentChildren, JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { sentence, type Answer } from "../base/http.js";
import { formatStamp } from "../base/time.js";
import { Button, Empty, Notice, Skeleton } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import type { Failure, Loaded } from "../ui/hooks.js";
import type { Page } from "./api.js";
import { t, zh, type Word } from "./words.js";

export function failureText(failure: Failure): string {
    if (failure.kind === "unknown") return t(`error_${failure.reason}`);
    return failure.message === "" ? failure.code : `${sentence(failure.message)} (${failure.code})`;
}

export function Failed(props: { failure: Failure; onRetry?: () => void }): JSX.Element {
    const retry = props.onRetry;
    const action = retry ? (
        <Button kind="plain" icon="refresh" onClick={retry}>
            {t("retry")}
        </Button>
    ) : null;
    return (
        <Notice kind="bad" title={t("failed_title")} action={action}>
            {failureText(props.failure)}
        </Notice>
    );
}

export function State({ state }: { state: string }): JSX.Element {
    const key = `state_${state}`;
    // A state that this page does not know yet is shown as the door spells it.
    return <span class={`state ${state}`}>{key in zh ? t(key as Word) : state}</span>;
}

export interface Column<T> {
    head: string;
    cell: (row: T) => ComponentChildren;
    right?: boolean;
    wide?: boolean; // left out on a phone; the row leads to it
}

const cellClass = (column: { right?: boolean; wide?: boolean }): string =>
    [column.right ? "right" : "", column.wide ? "wide" : ""].filter(Boolean).join(" ");

export function Table<T>(props: {
    columns: Column<T>[];
    rows: T[];
    keyOf: (row: T) => string;
    label: string;
    href?: (row: T) => string | undefined;
}): JSX.Element {
    return (
        <div class="table card" role="region" aria-label={props.label} tabIndex={0}>
            <table>
                <thead>
                    <tr>
                        {props.columns.map((column) => (
                            <th key={column.head} scope="col" class={cellClass(column)}>
                                {column.head}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {props.rows.map((row) => {
                        const href = props.href?.(row);
                        return (
                            <tr
                                key={props.keyOf(row)}
                                class={href ? "linked" : ""}
                                onClick={() => {
                                    if (href) location.hash = href;
                                }}
                            >
                                {props.columns.map((column, n) => (
                                    <td key={column.head} class={cellClass(column)}
                                        data-head={column.head}>
                                        {n === 0 && href ? (
                                            <a href={href}>{column.cell(row)}</a>
                                        ) : (
                                            column.cell(row)
                                        )}
                                    </td>
                                ))}
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}

// A list that grows page by page; starts anew when `key` changes.
export function usePages<T>(
    load: (before: string | undefined) => Promise<Answer<Page<T>>>,
    key: string,
): {
    items: T[];
    last: Page<T> | undefined;
    busy: boolean;
    failure: Failure | undefined;
    more: () => void;
    restart: () => void;
} {
    const [items, setItems] = useState<T[]>([]);
    const [last, setLast] = useState<Page<T>>();
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const asked = useRef(0);
    const ask = async (before: string | undefined): Promise<void> => {
        const mine = ++asked.current;
        setBusy(true);
        const answer = await load(before);
        if (mine !== asked.current) return;
        setBusy(false);
        setFailure(answer.kind === "done" ? undefined : answer);
        if (answer.kind !== "done") return;
        setLast(answer.value);
        setItems((seen) =>
            before === undefined ? answer.value.items : [...seen, ...answer.value.items],
        );
    };
    const restart = useCallback(() => void ask(undefined), [key]);
    useEffect(restart, [key]);
    return { items, last, busy, failure, more: () => void ask(last?.next), restart };
}

export function PagedTable<T>(props: {
    pages: ReturnType<typeof usePages<T>>;
    columns: Column<T>[];
    keyOf: (row: T) => string;
    label: string;
    href?: (row: T) => string | undefined;
}): JSX.Element {
    const { pages, ...table } = props;
    const { items, last, busy, failure } = pages;
    return (
        <div class="stack">
            {failure ? (
                <Failed failure={failure} onRetry={last ? pages.more : pages.restart} />
            ) : null}
            {last?.as_of ? (
                <p class="muted">{t("as_of", { time: formatStamp(last.as_of) })}</p>
            ) : null}
            {!last && busy ? <Skeleton rows={6} label={t("loading")} /> : null}
            {items.length > 0 ? <Table {...table} rows={items} /> : null}
            {last && items.length === 0 ? (
                <Empty icon="search" title={t("nothing")}>
                    {t("nothing_hint")}
                </Empty>
            ) : null}
            {last?.next && !failure ? (
                <Button kind="plain" busy={busy} onClick={pages.more}>
                    {t("more")}
                </Button>
            ) : null}
        </div>
    );
}

export function Heading(props: { title: string; children?: ComponentChildren }): JSX.Element {
    return (
        <header class="heading">
            <h1>{props.title}</h1>
            <div class="heading-tools">{props.children}</div>
        </header>
    );
}

// A form in a sheet that sends once per press and says what came of it.
export function FormSheet<T>(props: {
    title: string;
    confirm: string;
    ready: boolean;
    bad?: boolean;
    send: () => Promise<Answer<T>>;
    onDone: (value: T) => void;
    onClose: () => void;
    children: ComponentChildren;
}): JSX.Element {
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setBusy(true);
        const answer = await props.send();
        setBusy(false);
        if (answer.kind === "done") props.onDone(answer.value);
        else setFailure(answer);
    };
    return (
        <Dialog title={props.title} closeLabel={t("close")} onClose={props.onClose}>
            <form class="stack" onSubmit={(event) => void submit(event)}>
                {failure ? <Failed failure={failure} /> : null}
                {props.children}
                <Button submit busy={busy} disabled={!props.ready}
                    kind={props.bad ? "bad" : "main"}>
                    {props.confirm}
                </Button>
            </form>
        </Dialog>
    );
}

// A tool that freezes what trades, or lets it trade again, after asking.
export function FreezeTool(props: {
    state: "ACTIVE" | "FROZEN";
    name: string;
    send: (verb: "freeze" | "unfreeze") => Promise<Answer<unknown>>;
    onDone: () => void;
}): JSX.Element {
    const [asking, setAsking] = useState(false);
    const verb = props.state === "FROZEN" ? "unfreeze" : "freeze";
    return (
        <>
            <Button kind="plain" icon="lock" onClick={() => setAsking(true)}>
                {t(verb)}
            </Button>
            {asking ? (
                <FormSheet
                    title={`${t(verb)} · ${props.name}`}
                    confirm={t(verb)}
                    ready
                    bad={verb === "freeze"}
                    send={() => props.send(verb)}
                    onClose={() => setAsking(false)}
                    onDone={() => {
                        setAsking(false);
                        props.onDone();
                    }}
                >
                    <p>{t(`${verb}_sure`)}</p>
                </FormSheet>
            ) : null}
        </>
    );
}

// What stands in the place of something until it is there.
export function Awaited<T>({ loaded, rows = 4 }: {
    loaded: Loaded<T>;
    rows?: number;
}): JSX.Element | null {
    const { value, failure, reload } = loaded;
    if (failure) return <Failed failure={failure} onRetry={reload} />;
    return value === undefined ? <Skeleton rows={rows} label={t("loading")} /> : null;
}

// The row of filters above a list.
export function SearchForm(props: {
    onSearch: () => void;
    children: ComponentChildren;
}): JSX.Element {
    return (
        <form
            class="filters"
            onSubmit={(event) => {
                event.preventDefault();
                props.onSearch();
            }}
        >
            {props.children}
            <Button submit kind="plain" icon="search">
                {t("search")}
            </Button>
        </form>
    );
}

export function Select<T extends string>(props: {
    label: string;
    name: string;
    value: T;
    options: [T, string][];
    onValue: (value: T) => void;
}): JSX.Element {
    return (
        <div class="field">
            <label for={props.name}>{props.label}</label>
            <select id={props.name} class="select" value={props.value}
                onChange={(event) => props.onValue(event.currentTarget.value as T)}>
                {props.options.map(([value, text]) => (
                    <option key={value} value={value}>
                        {text}
                    </option>
                ))}
            </select>
        </div>
    );
}

// A text to take away, such as a key.
export function CopyBox({ text, label }: { text: string; label: string }): JSX.Element {
    const [copied, setCopied] = useState(false);
    const copy = async (): Promise<void> => {
        try {
            await navigator.clipboard.writeText(text);
            setCopied(true);
        } catch {
            setCopied(false); // The text is on the screen and can be selected.
        }
    };
    return (
        <div class="copy-box">
            <header>
                <strong>{label}</strong>
                <Button kind="quiet" icon={copied ? "check" : "copy"} onClick={() => void copy()}>
                    {t(copied ? "copied" : "copy")}
                </Button>
            </header>
            <pre>{text}</pre>
        </div>
    );
}
