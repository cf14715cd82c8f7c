// What institutions owe, against their net debit caps.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { alarmOf, alarmPercents } from "../base/cap.js";
import { formatMoney, parseAmount } from "../base/money.js";
import { Button, Field, Notice } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import { listPositions, setPosition, type Position } from "./links_api.js";
import { Awaited, FormSheet, Table, type Column } from "./parts.js";
import { t } from "./words.js";

// How much of the cap is used, with a mark where each alarm begins.
export function CapBar({ percent }: { percent: number }): JSX.Element {
    const alarm = alarmOf(percent);
    return (
        <span class={`cap alarm-${alarm}`} data-percent={percent}>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="cap-ground" width="100" height="8" />
                <rect class="cap-used" width={Math.min(100, percent)} height="8" />
                {alarmPercents.map((at) => (
                    <rect key={at} class="cap-mark" x={at} width="0.6" height="8" />
                ))}
            </svg>
            <span>{percent}%</span>
            {alarm === 0 ? null : <strong>{t("cap_alarm", { percent: alarm })}</strong>}
        </span>
    );
}

const money = (position: Position, total: number | undefined): string =>
    total === undefined ? "–" : formatMoney({ total, currency: position.currency });

const columns: () => Column<Position>[] = () => [
    { head: t("currency"), cell: (p) => p.currency },
    { head: t("position"), right: true, cell: (p) => money(p, p.position) },
    { head: t("reserved"), right: true, cell: (p) => money(p, p.reserved) },
    { head: t("cap"), right: true, cell: (p) => money(p, p.cap) },
    { head: t("available"), right: true, cell: (p) => money(p, p.available) },
    {
        head: t("cap_used"),
        cell: (p) => (p.used_percent === undefined ? "–" : <CapBar percent={p.used_percent} />),
    },
];

// Zero is a cap too, though no amount to pay.
const parseCap = (text: string, currency: string): number | undefined =>
    /^0+([.。]0*)?$/.test(text.trim()) ? 0 : parseAmount(text, currency);

function SetCap(props: {
    participantId: string;
    currency: string;
    onDone: () => void;
    onClose: () => void;
}): JSX.Element {
    const [currency, setCurrency] = useState(props.currency);
    const [text, setText] = useState("");
    const known = /^[A-Z]{3}$/.test(currency);
    const cap = known ? parseCap(text, currency) : undefined;
    return (
        <FormSheet
            title={t("set_cap")}
            confirm={t("save")}
            ready={cap !== undefined}
            send={() => setPosition(props.participantId, currency, cap ?? 0)}
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("currency")} name="currency" value={currency} maxlength={3}
                onValue={(value) => setCurrency(value.toUpperCase())} />
            <Field label={t("cap")} name="cap" value={text} onValue={setText} inputmode="decimal"
                maxlength={24} hint={t("cap_hint")}
                problem={text !== "" && cap === undefined ? t("cap_bad") : undefined} />
        </FormSheet>
    );
}

export function Positions({ participantId }: { participantId: string }): JSX.Element {
    const loaded = useLoad(() => listPositions(participantId), participantId);
    const { value, reload } = loaded;
    const [setting, setSetting] = useState<string>();
    const change: Column<Position> = {
        head: "",
        cell: (p) => (
            <button type="button" class="text-button plain" onClick={() => setSetting(p.currency)}>
                {t("change")}
            </button>
        ),
    };
    return (
        <section class="stack">
            <header class="block-head">
                <h2>{t("positions")}</h2>
                <Button kind="plain" icon="plus" onClick={() => setSetting("CNY")}>
                    {t("set_cap")}
                </Button>
            </header>
            <Awaited loaded={loaded} rows={1} />
            {value && value.items.length === 0 ? (
                <Notice kind="info">{t("no_positions")}</Notice>
            ) : null}
            {value && value.items.length > 0 ? (
                <Table label={t("positions")} rows={value.items} keyOf={(p) => p.currency}
                    columns={[...columns(), change]} />
            ) : null}
            {setting === undefined ? null : (
                <SetCap
                    participantId={participantId}
                    currency={setting}
                    onClose={() => setSetting(undefined)}
                    onDone={() => {
                        setSetting(undefined);
                        reload();
                    }}
                />
            )}
        </section>
    );
}

// All of them, the fullest first.
export function AllPositions({ nameOf }: { nameOf: (id: string) => string }): JSX.Element | null {
    const loaded = useLoad(() => listPositions(), "all");
    const items = [...(loaded.value?.items ?? [])].sort(
        (a, b) => (b.used_percent ?? 0) - (a.used_percent ?? 0),
    );
    if (loaded.value && items.length === 0) return null;
    return (
        <section class="stack">
            <h2>{t("positions")}</h2>
            <Awaited loaded={loaded} rows={2} />
            {items.length > 0 ? (
                <Table
                    label={t("positions")}
                    rows={items}
                    keyOf={(p) => `${p.participant_id} ${p.currency}`}
                    href={(p) => `#/participants/${p.participant_id}`}
                    columns={[
                        { head: t("participant"), cell: (p) => nameOf(p.participant_id) },
                        ...columns(),
                    ]}
                />
            ) : null}
        </section>
    );
}
