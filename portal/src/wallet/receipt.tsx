// What came of a payment or a top-up.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatMoney } from "../base/money.js";
import { formatTime } from "../base/time.js";
import { Money, Pairs } from "../ui/controls.js";
import { Icon, type IconName } from "../ui/icons.js";
import { getPayment, type Payment, type TopUp } from "./api.js";
import { adviceFor } from "./parts.js";
import { t, type Word } from "./words.js";

type Look = { tone: "good" | "bad" | "wait"; icon: IconName };

const looks: Record<Payment["state"], Look> = {
    COMPLETED: { tone: "good", icon: "check" },
    DECLINED: { tone: "bad", icon: "cross" },
    RESERVED: { tone: "wait", icon: "wait" },
    REVERSING: { tone: "wait", icon: "wait" },
    REVERSED: { tone: "bad", icon: "undo" },
    CONFIRMING: { tone: "wait", icon: "wait" },
};

const paymentTitles: Record<Payment["state"], Word> = {
    COMPLETED: "paid_title",
    DECLINED: "declined_title",
    RESERVED: "pending_title",
    REVERSING: "returning_title",
    REVERSED: "reversed_title",
    CONFIRMING: "pending_title",
};

type Rows = [string, ComponentChildren][];

function Receipt(props: {
    title: string;
    look: Look;
    record: Payment | TopUp;
    rows: Rows;
    children: ComponentChildren;
}): JSX.Element {
    const { record, look } = props;
    return (
        <section class="receipt" data-state={record.state} aria-live="polite">
            <div class={`seal ${look.tone}`}>
                <Icon name={look.icon} />
            </div>
            <h1>{props.title}</h1>
            <p class="receipt-amount">
                <Money amount={record.amount} />
            </p>
            {record.decline ? (
                <p class="receipt-reason">
                    {adviceFor(record.decline.code, record.decline.message)}
                </p>
            ) : null}
            <div class="torn">
                <Pairs rows={props.rows} />
            </div>
            <div class="stack">{props.children}</div>
        </section>
    );
}

export function paymentRows(payment: Payment): Rows {
    const rows: Rows = [[t("merchant"), payment.merchant_name]];
    if (payment.institution_name) rows.push([t("institution"), payment.institution_name]);
    if (payment.description) rows.push([t("description"), payment.description]);
    if (payment.balance_after) rows.push([t("balance_after"), formatMoney(payment.balance_after)]);
    rows.push([t("time"), formatTime(payment.completed_at ?? payment.created_at)]);
    if (payment.out_trade_no) {
        rows.push([t("order_number"), <code>{payment.out_trade_no}</code>]);
    }
    rows.push([t("payment_number"), <code>{payment.payment_id}</code>]);
    return rows;
}

const askEveryMs = 3000;

// A payment that waits for another institution is asked for until its state is final.
export function useAskedAgain(state: Payment["state"] | undefined, ask: () => void): void {
    const waiting = state !== undefined && looks[state].tone === "wait";
    useEffect(() => {
        if (!waiting) return undefined;
        const timer = setInterval(ask, askEveryMs);
        return () => clearInterval(timer);
    }, [waiting]);
}

function useSettled(first: Payment): Payment {
    const [payment, setPayment] = useState(first);
    useAskedAgain(payment.state, async () => {
        const answer = await getPayment(first.payment_id);
        if (answer.kind === "done") setPayment(answer.value);
    });
    return payment;
}

export function PaymentReceipt(props: {
    payment: Payment;
    children: ComponentChildren;
}): JSX.Element {
    const payment = useSettled(props.payment);
    return (
        <Receipt
            title={t(paymentTitles[payment.state])}
            look={looks[payment.state]}
            record={payment}
            rows={paymentRows(payment)}
        >
            {looks[payment.state].tone === "wait" ? (
                <p class="muted center">
                    {t(payment.state === "REVERSING" ? "returning_hint" : "pending_hint")}
                </p>
            ) : null}
            {props.children}
        </Receipt>
    );
}

export function topUpRows(topUp: TopUp): Rows {
    const rows: Rows = [];
    if (topUp.bank_name) {
        rows.push([t("bank_name"), `${topUp.bank_name} ${topUp.masked_number ?? ""}`]);
    }
    if (topUp.balance_after) rows.push([t("balance_now"), formatMoney(topUp.balance_after)]);
    rows.push([t("time"), formatTime(topUp.completed_at ?? topUp.created_at)]);
    rows.push([t("top_up_number"), <code>{topUp.top_up_id}</code>]);
    return rows;
}

export function TopUpReceipt(props: { topUp: TopUp; children: ComponentChildren }): JSX.Element {
    const { topUp } = props;
    return (
        <Receipt
            title={t(topUp.state === "COMPLETED" ? "top_up_done" : "top_up_declined")}
            look={looks[topUp.state]}
            record={topUp}
            rows={topUpRows(topUp)}
        >
            {props.children}
        </Receipt>
    );
}
