// Orders and payments: lists with filters, and one order.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { query } from "../base/http.js";
import { formatStamp } from "../base/time.js";
import { Field, Money, Pairs } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import {
    getOrder,
    listOrders,
    listPayments,
    type Order,
    type Payment,
} from "./api.js";
import {
    Awaited,
    Heading,
    PagedTable,
    SearchForm,
    Select,
    State,
    usePages,
    type Column,
} from "./parts.js";
import { Notices, useNotices } from "./notices.js";
import { orderRows } from "./order_rows.js";
import { t } from "./words.js";

export function paymentColumns(): Column<Payment>[] {
    return [
        { head: t("created_at"), cell: (p) => formatStamp(p.created_at) },
        { head: t("merchant"), cell: (p) => p.merchant_name ?? p.mchid ?? p.subject ?? "–" },
        { head: t("amount"), cell: (p) => <Money amount={p.amount} />, right: true },
        { head: t("state"), cell: (p) => <State state={p.state} /> },
        { head: t("out_trade_no"), cell: (p) => <code>{p.out_trade_no ?? "–"}</code>, wide: true },
        { head: t("payment_id"), cell: (p) => <code>{p.payment_id}</code>, wide: true },
    ];
}

function orderColumns(): Column<Order>[] {
    return [
        { head: t("created_at"), cell: (o) => formatStamp(o.created_at) },
        { head: t("merchant"), cell: (o) => o.merchant_name ?? o.mchid },
        { head: t("description"), cell: (o) => o.description },
        { head: t("amount"), cell: (o) => <Money amount={o.amount} />, right: true },
        { head: t("state"), cell: (o) => <State state={o.state} /> },
        { head: t("trade_type"), cell: (o) => o.trade_type, wide: true },
        { head: t("out_trade_no"), cell: (o) => <code>{o.out_trade_no}</code> },
    ];
}

const paymentStates = ["COMPLETED", "DECLINED", "RESERVED", "REVERSING", "REVERSED", "CONFIRMING"] as const;

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
            <SearchForm onSearch={() => show({ mchid: typed.trim() })}>
                <Field label={t("mchid")} name="mchid" value={typed} onValue={setTyped}
                    required={false} inputmode="numeric" maxlength={10} />
                <Select label={t("state")} name="state" value={state}
                    onValue={(next) => show({ state: next })}
                    options={[
                        ["", t("all")],
                        ...paymentStates.map((name): [string, string] => [
                            name,
                            t(`state_${name}`),
                        ]),
                    ]} />
            </SearchForm>
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
            <SearchForm
                onSearch={() => {
                    const wish = { mchid: mchid.trim(), out_trade_no: number.trim() };
                    location.hash = `#/orders${query(wish)}`;
                }}
            >
                <Field label={t("out_trade_no")} name="out_trade_no" value={number}
                    onValue={setNumber} required={false} maxlength={32} />
                <Field label={t("mchid")} name="mchid" value={mchid} onValue={setMchid}
                    required={false} inputmode="numeric" maxlength={10} />
            </SearchForm>
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
    const loaded = useLoad(() => getOrder(id), id);
    const order = loaded.value;
    const notices = useNotices(id);
    return (
        <>
            <Heading title={t("order")}>{order ? <State state={order.state} /> : null}</Heading>
            <Awaited loaded={loaded} />
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
            <Notices notices={notices} />
        </>
    );
}
