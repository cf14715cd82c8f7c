// What is told about an order wherever one is shown.
import type { JSX } from "preact";
import { formatMoney } from "../base/money.js";
import { formatTime } from "../base/time.js";
import type { Order } from "./api.js";
import { t } from "./words.js";

export function orderRows(order: Order): [string, JSX.Element | string][] {
    const rows: [string, JSX.Element | string][] = [
        [
            t("merchant"),
            <a href={`#/merchants/${order.mchid}`}>{order.merchant_name ?? order.mchid}</a>,
        ],
        [t("description"), order.description],
        [t("out_trade_no"), <code>{order.out_trade_no}</code>],
        [t("trade_type"), order.trade_type],
        [t("created_at"), formatTime(order.created_at)],
        [t("expires_at"), formatTime(order.expires_at)],
    ];
    if (order.paid_at) rows.push([t("paid_at"), formatTime(order.paid_at)]);
    if (order.refunded) rows.push([t("refunded"), formatMoney(order.refunded)]);
    return rows;
}
