// The history, page after page, and the details of one entry of it.
import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { formatMoney } from "../base/money.js";
import { formatTime } from "../base/time.js";
import { go } from "../base/route.js";
import { Button, Empty, Money, Notice, Pairs, Skeleton } from "../ui/controls.js";
import { useLoad, type Failure } from "../ui/hooks.js";
import { getPayment, listHistory, type HistoryItem, type HistoryPage } from "./api.js";
import { HistoryList, HistoryRow, itemId } from "./history_list.js";
import { Failed, PageHead } from "./parts.js";
import { paymentRows, topUpRows, useAskedAgain } from "./receipt.js";
import { t } from "./words.js";

// Rows seen so far, so that a detail page of a refund or top-up can be shown without asking again
// (the door has no address for them).
const seen = new Map<string, HistoryItem>();

export function remember(items: HistoryItem[]): void {
    items.forEach((item) => seen.set(itemId(item), item));
}

interface Pages {
    items: HistoryItem[];
    last: HistoryPage | undefined;
    busy: boolean;
    failure: Failure | undefined;
    more: () => void;
}

function usePages(): Pages {
    const [items, setItems] = useState<HistoryItem[]>([]);
    const [last, setLast] = useState<HistoryPage>();
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const more = useCallback(async (): Promise<void> => {
        setBusy(true);
        const answer = await listHistory(last?.next);
        setBusy(false);
        setFailure(answer.kind === "done" ? undefined : answer);
        if (answer.kind !== "done") return;
        remember(answer.value.items);
        setLast(answer.value);
        setItems((before) => {
            // A page may overlap the one before when something happened in between.
            const known = new Set(before.map(itemId));
            return [...before, ...answer.value.items.filter((item) => !known.has(itemId(item)))];
        });
    }, [last]);
    useEffect(() => void more(), []);
    return { items, last, busy, failure, more: () => void more() };
}

export function HistoryPageView(): JSX.Element {
    const { items, last, busy, failure, more } = usePages();
    return (
        <div class="page">
            <PageHead title={t("history")} />
            {last?.as_of ? (
                <Notice kind="info">{t("as_of", { time: formatTime(last.as_of) })}</Notice>
            ) : null}
            <HistoryList items={items} />
            {last && items.length === 0 ? (
                <Empty icon="list" title={t("nothing_yet")}>
                    {t("nothing_yet_hint")}
                </Empty>
            ) : null}
            {!last && busy ? <Skeleton rows={6} label={t("loading")} /> : null}
            {failure ? <Failed failure={failure} onRetry={more} /> : null}
            {last?.next && !failure ? (
                <Button kind="plain" busy={busy} onClick={more} id="more">
                    {t("more")}
                </Button>
            ) : null}
            {last && !last.next && items.length > 0 ? (
                <p class="muted center">{t("end_of_list")}</p>
            ) : null}
        </div>
    );
}

export function PaymentDetail({ id }: { id: string }): JSX.Element {
    const { value: payment, failure, reload } = useLoad(() => getPayment(id), id);
    useAskedAgain(payment?.state, reload);
    return (
        <div class="page narrow">
            <PageHead title={t("kind_PAYMENT")} onBack={() => go("history")} />
            {failure ? <Failed failure={failure} onRetry={reload} /> : null}
            {!payment && !failure ? <Skeleton rows={4} label={t("loading")} /> : null}
            {payment ? (
                <div class="card detail">
                    <p class="detail-amount">
                        <Money amount={payment.amount} minus={payment.state === "COMPLETED"} />
                        <span class={`state ${payment.state}`}>{t(`state_${payment.state}`)}</span>
                    </p>
                    {payment.decline ? (
                        <p class="receipt-reason">{payment.decline.message}</p>
                    ) : null}
                    <Pairs rows={paymentRows(payment)} />
                </div>
            ) : null}
            {payment?.refunds && payment.refunds.length > 0 ? (
                <section class="day">
                    <h2>
                        {t("refunds")}
                        {payment.refunded ? ` ${formatMoney(payment.refunded)}` : ""}
                    </h2>
                    <ul class="card rows">
                        {payment.refunds.map((refund) => {
                            remember([refund]);
                            return <HistoryRow key={refund.refund_id} item={refund} />;
                        })}
                    </ul>
                </section>
            ) : null}
        </div>
    );
}

function itemRows(item: HistoryItem): [string, JSX.Element | string][] {
    if (item.kind === "TOP_UP") return topUpRows(item) as [string, JSX.Element | string][];
    if (item.kind === "PAYMENT") return paymentRows(item) as [string, JSX.Element | string][];
    const rows: [string, JSX.Element | string][] = [[t("merchant"), item.merchant_name]];
    if (item.institution_name) rows.push([t("institution"), item.institution_name]);
    if (item.description) rows.push([t("reason"), item.description]);
    rows.push([t("time"), formatTime(item.completed_at ?? item.created_at)]);
    rows.push([t("refund_number"), <code>{item.refund_id}</code>]);
    rows.push([
        t("kind_PAYMENT"),
        <a href={`#/payment/${item.payment_id}`}>{t("original_payment")}</a>,
    ]);
    return rows;
}

// A refund or a top-up, from what the list told.
export function ItemDetail({ id }: { id: string }): JSX.Element {
    const item = seen.get(id);
    useEffect(() => {
        // After a reload nothing is remembered: the list is the place to begin.
        if (!item) go("history");
    }, [item]);
    if (!item) return <Skeleton rows={4} label={t("loading")} />;
    const moved = item.state === "COMPLETED" || item.state === "SUCCESS";
    return (
        <div class="page narrow">
            <PageHead title={t(`kind_${item.kind}`)} onBack={() => history.back()} />
            <div class="card detail">
                <p class="detail-amount">
                    <Money amount={item.amount} plus={moved} />
                    <span class={`state ${item.state}`}>{t(`state_${item.state}`)}</span>
                </p>
                <Pairs rows={itemRows(item)} />
            </div>
        </div>
    );
}
