// Orders and payments: lists with filters, and one order.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { query } from "../base/http.js";
import { formatStamp } from "../base/time.js";
import { Button, Field, Money, Notice, Pairs, Skeleton } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import {
    getOrder,
    listNotices,
    listOrders,
    listPayments,
    type Order,
    type Payment,
} from "./api.js";
import { Failed, Heading, PagedTable, State, usePages, type Column } from "./parts.js";
import { orderRows } from "./order_rows.js";
import { NoticeList } from "./story.js";
import { t } from "./words.js";

export function paymentColumns(): Column<Payment>[] {
    return [
        { head: t("created_at"), cell: (p) => formatStamp(p.created_at) },
        { head: t("merchant"), cell: (p) => p.merchant_name ?? p.mchid },
        { head: t("amount"), cell: (p) => <Money amount={p.amount} />, right: true },
        { head: t("state"), cell: (p) => <State state={p.state} /> },
        { head: t("out_trade_no"), cell: (p) => <code>{p.out_trade_no}</code> },
        { head: t("payment_id"), cell: (p) => <code>{p.payment_id}</code> },
    ];
}

function orderColumns(): Column<Order>[] {
    return [
        { head: t("created_at"), cell: (o) => formatStamp(o.created_at) },
        { head: t("merchant"), cell: (o) => o.merchant_name ?? o.mchid },
        { head: t("description"), cell: (o) => o.description },
        { head: t("amount"), cell: (o) => <Money amount={o.amount} />, right: true },
        { head: t("state"), cell: (o) => <State state={o.state} /> },
        { head: t("trade_type"), cell: (o) => o.trade_type },
        { head: t("out_trade_no"), cell: (o) => <code>{o.out_trade_no}</code> },
    ];
}

const paymentStates = ["COMPLETED", "DECLINED", "RESERVED", "REVERSING", "REVERSED"] as const;

export function PaymentTable(props: { filter: Record<string, string> }): JSX.Element {
    const key = query(props.filter);
    const pages = usePages((before) => listPayments({ ...props.filter, before }), key);
    return (
        <PagedTable
            pages={pages}
            columns={paymentColumns()}
            keyOf={(payment) => payment.payment_id}
            label={t("nav_payments")}
            href={(payment) => `#/payments/${payment.payment_id}`}
        />
    );
}

export function PaymentsView({ values }: { values: URLSearchParams }): JSX.Element {
    const state = values.get("state") ?? "";
    const mchid = values.get("mchid") ?? "";
    const [typed, setTyped] = useState(mchid);
    const show = (next: Record<string, string>): void => {
        location.hash = `#/payments${query({ state, mchid, ...next })}`;
    };
    return (
        <>
            <Heading title={t("nav_payments")} />
            <form
                class="filters"
                onSubmit={(event) => {
                    event.preventDefault();
                    show({ mchid: typed.trim() });
                }}
            >
                <Field label={t("mchid")} name="mchid" value={typed} onValue={setTyped}
                    required={false} inputmode="numeric" maxlength={10} />
                <div class="field">
                    <label for="state">{t("state")}</label>
                    <select id="state" class="select" value={state}
                        onChange={(event) => show({ state: event.currentTarget.value })}>
                        <option value="">{t("all")}</option>
                        {paymentStates.map((name) => (
                            <option key={name} value={name}>
                                {t(`state_${name}`)}
                            </option>
                        ))}
                    </select>
                </div>
                <Button submit kind="plain" icon="search">
                    {t("search")}
                </Button>
            </form>
            <PaymentTable filter={{ state, mchid }} />
        </>
    );
}

export function OrdersView({ values }: { values: URLSearchParams }): JSX.Element {
    const filter = {
        mchid: values.get("mchid") ?? "",
        out_trade_no: values.get("out_trade_no") ?? "",
    };
    const [mchid, setMchid] = useState(filter.mchid);
    const [number, setNumber] = useState(filter.out_trade_no);
    const pages = usePages((before) => listOrders({ ...filter, before }), query(filter));
    return (
        <>
            <Heading title={t("nav_orders")} />
            <form
                class="filters"
                onSubmit={(event) => {
                    event.preventDefault();
                    const wish = { mchid: mchid.trim(), out_trade_no: number.trim() };
                    location.hash = `#/orders${query(wish)}`;
                }}
            >
                <Field label={t("out_trade_no")} name="out_trade_no" value={number}
                    onValue={setNumber} required={false} maxlength={32} />
                <Field label={t("mchid")} name="mchid" value={mchid} onValue={setMchid}
                    required={false} inputmode="numeric" maxlength={10} />
                <Button submit kind="plain" icon="search">
                    {t("search")}
                </Button>
            </form>
            <PagedTable
                pages={pages}
                columns={orderColumns()}
                keyOf={(order) => order.order_id}
                label={t("nav_orders")}
                href={(order) => `#/orders/${order.order_id}`}
            />
        </>
    );
}

export function OrderView({ id }: { id: string }): JSX.Element {
    const { value: order, failure, reload } = useLoad(() => getOrder(id), id);
    const notices = useLoad(() => listNotices(id), id);
    return (
        <>
            <Heading title={t("order")}>{order ? <State state={order.state} /> : null}</Heading>
            {failure ? <Failed failure={failure} onRetry={reload} /> : null}
            {!order && !failure ? <Skeleton rows={4} label={t("loading")} /> : null}
            {order ? (
                <section class="card block">
                    <p class="story-amount">
                        <Money amount={order.amount} />
                    </p>
                    <Pairs rows={orderRows(order)} />
                    {order.payment_id ? (
                        <a class="button main" href={`#/payments/${order.payment_id}`}>
                            {t("view_story")}
                        </a>
                    ) : null}
                </section>
            ) : null}
            <h2>{t("nav_payments")}</h2>
            <PaymentTable filter={{ order_id: id }} />
            <h2>{t("notices")}</h2>
            {notices.failure ? (
                <Failed failure={notices.failure} onRetry={notices.reload} />
            ) : null}
            {notices.value && notices.value.items.length === 0 ? (
                <Notice kind="info">{t("no_notices")}</Notice>
            ) : null}
            {notices.value ? <NoticeList notices={notices.value.items} /> : null}
        </>
    );
}
