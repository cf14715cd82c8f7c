// Rows of the history, under the days they happened on.
import type { JSX } from "preact";
import { language } from "../base/i18n.js";
import { dayLabel, dayOf, formatClock } from "../base/time.js";
import { Money } from "../ui/controls.js";
import { Icon } from "../ui/icons.js";
import type { HistoryItem } from "./api.js";
import { Disc } from "./parts.js";
import { t } from "./words.js";

export function itemId(item: HistoryItem): string {
    if (item.kind === "PAYMENT") return item.payment_id;
    return item.kind === "REFUND" ? item.refund_id : item.top_up_id;
}

// Whether the money moved: others are shown in grey and without a sign.
function settled(item: HistoryItem): boolean {
    return item.state === "COMPLETED" || item.state === "SUCCESS";
}

function title(item: HistoryItem): string {
    if (item.kind === "TOP_UP") return t("kind_TOP_UP");
    return item.merchant_name;
}

function subtitle(item: HistoryItem): string {
    const words = [formatClock(item.created_at)];
    if (item.kind === "TOP_UP") {
        if (item.bank_name) words.push(t("from_bank", { bank: item.bank_name }));
    } else {
        if (item.kind === "REFUND") words.push(t("kind_REFUND"));
        const about = item.description || item.institution_name;
        if (about) words.push(about);
    }
    return words.join(" · ");
}

function Badge({ item }: { item: HistoryItem }): JSX.Element {
    if (item.kind === "PAYMENT") return <Disc name={item.merchant_name} />;
    return (
        <span class={`disc ${item.kind === "REFUND" ? "refund" : "top-up"}`} aria-hidden="true">
            <Icon name={item.kind === "REFUND" ? "undo" : "down"} />
        </span>
    );
}

export function HistoryRow({ item }: { item: HistoryItem }): JSX.Element {
    const incoming = item.kind !== "PAYMENT";
    const moved = settled(item);
    const tone = moved ? (incoming ? "in" : "out") : "void";
    return (
        <li>
            <a class="row" href={`#/${item.kind.toLowerCase()}/${itemId(item)}`}>
                <Badge item={item} />
                <span class="row-text">
                    <strong>{title(item)}</strong>
                    <small>{subtitle(item)}</small>
                </span>
                <span class={`row-amount ${tone}`}>
                    <Money amount={item.amount} plus={incoming && moved}
                        minus={!incoming && moved} />
                    {moved ? null : <small>{t(`state_${item.state}`)}</small>}
                </span>
            </a>
        </li>
    );
}

function dayTitle(day: string): string {
    const dayMs = 86_400_000;
    const today = dayOf(new Date().toISOString());
    const yesterday = dayOf(new Date(Date.now() - dayMs).toISOString());
    if (day === today) return t("today");
    return day === yesterday ? t("yesterday") : dayLabel(day, language());
}

export function HistoryList({ items }: { items: HistoryItem[] }): JSX.Element {
    const days = new Map<string, HistoryItem[]>();
    for (const item of items) {
        const day = dayOf(item.created_at);
        days.set(day, [...(days.get(day) ?? []), item]);
    }
    return (
        <>
            {Array.from(days, ([day, rows]) => (
                <section class="day" key={day}>
                    <h2>{dayTitle(day)}</h2>
                    <ul class="card rows">
                        {rows.map((item) => (
                            <HistoryRow key={itemId(item)} item={item} />
                        ))}
                    </ul>
                </section>
            ))}
        </>
    );
}
