// What a payer wishes to pay, as the sheet shows it and as the door is asked for it.
import { codeKey, type Code } from "../base/code.js";
import type { Amount } from "../base/money.js";
import type { Order, Payee, Target } from "./api.js";

export interface Wish {
    subject: string; // names the intent (base/intent.ts)
    target: Target;
    payee: string;
    institution?: string; // of the payee, when it is another one
    amount: Amount;
    description: string;
}

export function wishOfOrder(code: Code, order: Order): Wish {
    return {
        subject: `pay ${codeKey(code)}`,
        target: { code },
        payee: order.merchant_name,
        amount: order.amount,
        description: order.description,
    };
}

// An amount that the payer entered is part of the intent: another one is another payment.
export function wishOfPayee(code: Code, payee: Payee, amount: Amount): Wish {
    const entered = payee.amount ? [] : [amount.total, amount.currency];
    return {
        subject: ["pay", codeKey(code), ...entered].join(" "),
        target: { payee_token: payee.payee_token, amount },
        payee: payee.payee_name,
        ...(payee.institution_name ? { institution: payee.institution_name } : {}),
        amount,
        description: payee.description ?? "",
    };
}

// The code (as a part of an address) that such a subject is about, when that is a text: its name
// is one word, which an amount may follow.
export function codeOfSubject(subject: string): string | undefined {
    const [, code, ...amount] = subject.split(" ");
    return amount.length === 1 ? undefined : code;
}
