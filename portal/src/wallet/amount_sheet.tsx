// A code that leaves the amount to the payer: whom it pays, and how much.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { parseAmount, symbolOf, type Amount } from "../base/money.js";
import { Button, Field } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import type { Payee } from "./api.js";
import { Disc } from "./parts.js";
import { t } from "./words.js";

export function AmountSheet(props: {
    payee: Payee;
    currency: string;
    onAmount: (amount: Amount) => void;
    onClose: () => void;
}): JSX.Element {
    const { payee, currency } = props;
    const [text, setText] = useState("");
    const [bad, setBad] = useState(false);
    const submit = (event: Event): void => {
        event.preventDefault();
        const total = parseAmount(text, currency);
        if (total === undefined) return setBad(true);
        props.onAmount({ total, currency });
    };
    return (
        <Dialog title={t("enter_amount")} closeLabel={t("close")} onClose={props.onClose}>
            <form class="stack confirm" onSubmit={submit}>
                <div class="payee">
                    <Disc name={payee.payee_name} />
                    <span>{payee.payee_name}</span>
                    {payee.institution_name ? <small>{payee.institution_name}</small> : null}
                </div>
                <div class="big-amount">
                    <Field
                        label={t("amount")}
                        name="amount"
                        value={text}
                        onValue={(next) => {
                            setText(next);
                            setBad(false);
                        }}
                        inputmode="decimal"
                        placeholder="0.00"
                        maxlength={18}
                        prefix={symbolOf(currency)}
                        problem={bad ? t("amount_bad") : undefined}
                    />
                </div>
                <Button submit disabled={text === ""} id="amount-entered">
                    {t("next")}
                </Button>
            </form>
        </Dialog>
    );
}
