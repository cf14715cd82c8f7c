// Buttons, fields, notices: the small parts of which every page is made.
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { moneyParts, type Amount } from "../base/money.js";
import { Icon, type IconName } from "./icons.js";

export function Button(props: {
    children: ComponentChildren;
    onClick?: () => void;
    kind?: "main" | "plain" | "quiet" | "bad";
    submit?: boolean;
    busy?: boolean;
    disabled?: boolean;
    icon?: IconName;
    id?: string;
}): JSX.Element {
    const { kind = "main", busy = false } = props;
    return (
        <button
            type={props.submit ? "submit" : "button"}
            class={`button ${kind}`}
            disabled={props.disabled === true || busy}
            aria-busy={busy}
            {...(props.id === undefined ? {} : { id: props.id })}
            {...(props.onClick === undefined ? {} : { onClick: props.onClick })}
        >
            {busy ? <span class="spinner" aria-hidden="true" /> : null}
            {!busy && props.icon ? <Icon name={props.icon} /> : null}
            <span>{props.children}</span>
        </button>
    );
}

export function IconButton(props: {
    icon: IconName;
    label: string;
    onClick: () => void;
}): JSX.Element {
    return (
        <button
            type="button"
            class="icon-button"
            aria-label={props.label}
            title={props.label}
            onClick={props.onClick}
        >
            <Icon name={props.icon} />
        </button>
    );
}

export interface FieldProps {
    label: string;
    name: string;
    value: string;
    onValue: (value: string) => void;
    type?: "text" | "password" | "url" | "tel";
    hint?: string | undefined;
    problem?: string | undefined;
    autocomplete?: string;
    inputmode?: "text" | "numeric" | "decimal" | "url" | "tel";
    placeholder?: string;
    maxlength?: number;
    rows?: number;
    prefix?: string;
    required?: boolean;
    reveal?: { show: string; hide: string }; // labels of the eye in a password field
}

function Input(props: FieldProps & { id: string; describedBy?: string }): JSX.Element {
    const [shown, setShown] = useState(false);
    const type = props.type === "password" && shown ? "text" : (props.type ?? "text");
    const common = {
        id: props.id,
        name: props.name,
        value: props.value,
        required: props.required ?? true,
        placeholder: props.placeholder ?? "",
        maxLength: props.maxlength ?? 256,
        autocomplete: props.autocomplete ?? "off",
        autocapitalize: "none" as const,
        spellcheck: false,
        "aria-invalid": props.problem !== undefined,
        ...(props.describedBy === undefined ? {} : { "aria-describedby": props.describedBy }),
        onInput: (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
            props.onValue(event.currentTarget.value),
    };
    if (props.rows !== undefined) return <textarea {...common} rows={props.rows} />;
    return (
        <span class="input">
            {props.prefix ? <span class="prefix">{props.prefix}</span> : null}
            <input {...common} type={type} inputMode={props.inputmode ?? "text"} />
            {props.reveal ? (
                <IconButton
                    icon={shown ? "eye_off" : "eye"}
                    label={shown ? props.reveal.hide : props.reveal.show}
                    onClick={() => setShown(!shown)}
                />
            ) : null}
        </span>
    );
}

export function Field(props: FieldProps): JSX.Element {
    const id = useId();
    const note = props.problem ?? props.hint;
    return (
        <div class={`field ${props.problem === undefined ? "" : "bad"}`}>
            <label for={id}>{props.label}</label>
            <Input {...props} id={id} {...(note === undefined ? {} : { describedBy: `${id}n` })} />
            {note === undefined ? null : (
                <p id={`${id}n`} class="note" role={props.problem === undefined ? "note" : "alert"}>
                    {note}
                </p>
            )}
        </div>
    );
}

export function Money(props: { amount: Amount; plus?: boolean; minus?: boolean }): JSX.Element {
    const { sign, symbol, whole, fraction } = moneyParts(props.amount, props.plus);
    return (
        <span class="money">
            {props.minus ? "-" : sign}
            <span class="symbol">{symbol}</span>
            {whole}
            <span class="fraction">{fraction}</span>
        </span>
    );
}

export function Notice(props: {
    kind: "bad" | "warn" | "good" | "info";
    title?: string;
    children: ComponentChildren;
    action?: ComponentChildren;
}): JSX.Element {
    const icon = { bad: "cross", warn: "warn", good: "check", info: "wait" } as const;
    return (
        <div class={`notice ${props.kind}`} role={props.kind === "bad" ? "alert" : "status"}>
            <Icon name={icon[props.kind]} />
            <div>
                {props.title ? <strong>{props.title}</strong> : null}
                <p>{props.children}</p>
                {props.action ? <div class="notice-action">{props.action}</div> : null}
            </div>
        </div>
    );
}

export function Empty(props: {
    icon: IconName;
    title: string;
    children?: ComponentChildren;
}): JSX.Element {
    return (
        <div class="empty">
            <span class="empty-icon">
                <Icon name={props.icon} />
            </span>
            <strong>{props.title}</strong>
            <p>{props.children}</p>
        </div>
    );
}

// Grey bars where rows will be.
export function Skeleton({ rows = 4, label }: { rows?: number; label: string }): JSX.Element {
    return (
        <div class="skeleton" role="status" aria-label={label}>
            {Array.from({ length: rows }, (_, row) => (
                <div key={row} class="skeleton-row">
                    <span />
                    <div>
                        <i />
                        <i />
                    </div>
                </div>
            ))}
        </div>
    );
}

export function Pairs(props: { rows: [string, ComponentChildren][] }): JSX.Element {
    return (
        <dl class="pairs">
            {props.rows.map(([name, value]) => (
                <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            ))}
        </dl>
    );
}
