// A till has asked for more than a shown code may pay alone: payee and amount, and the payment
// password to say yes. Confirming again is harmless, so an unknown outcome is simply repeated.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Refusal, Unknown } from "../base/http.js";
import { formatMoney } from "../base/money.js";
import { Button, Money, Notice, Pairs } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import { confirmCharge, type Charge } from "./api.js";
import { adviceFor, Disc } from "./parts.js";
import { PinEntry, UnknownOutcome, Working } from "./pay_sheet.js";
import { t } from "./words.js";

type Stage =
    | { at: "ask"; problem?: Refusal }
    | { at: "pin"; problem?: Refusal }
    | { at: "sending" }
    | { at: "unknown"; why: Unknown };

function Question(props: {
    charge: Charge;
    problem: Refusal | undefined;
    onYes: () => void;
}): JSX.Element {
    const { charge, problem } = props;
    return (
        <div class="stack confirm">
            {problem ? (
                <Notice kind="bad">{adviceFor(problem.code, problem.message)}</Notice>
            ) : null}
            <div class="payee">
                <Disc name={charge.payee_name} />
                <span>{charge.payee_name}</span>
                <Money amount={charge.amount} />
            </div>
            <Pairs rows={[[t("order_description"), charge.description]]} />
            <Button onClick={props.onYes} icon="lock" id="confirm-charge">
                {t("pay_amount", { amount: formatMoney(charge.amount) })}
            </Button>
        </div>
    );
}

export function ChargeSheet(props: {
    charge: Charge;
    onAnswer: (charge: Charge) => void;
    onClose: () => void;
}): JSX.Element {
    const { charge } = props;
    const [stage, setStage] = useState<Stage>({ at: "ask" });
    const pin = useRef("");
    const send = async (): Promise<void> => {
        setStage({ at: "sending" });
        const answer = await confirmCharge(charge.payment_id, pin.current);
        if (answer.kind === "unknown") return setStage({ at: "unknown", why: answer });
        pin.current = "";
        if (answer.kind === "done") return props.onAnswer(answer.value);
        const again = answer.code === "PAYMENT_PASSWORD_WRONG";
        setStage({ at: again ? "pin" : "ask", problem: answer });
    };
    const entered = (digits: string): void => {
        pin.current = digits;
        void send();
    };
    const problem = stage.at === "ask" || stage.at === "pin" ? stage.problem : undefined;
    const titles = {
        ask: t("charge_title"),
        pin: t("enter_payment_password"),
        sending: t("paying"),
        unknown: t("unknown_title"),
    };
    return (
        <Dialog title={titles[stage.at]} closeLabel={t("close")} onClose={props.onClose}
            fixed={stage.at === "sending"}>
            {stage.at === "ask" ? (
                <Question charge={charge} problem={problem}
                    onYes={() => setStage({ at: "pin" })} />
            ) : null}
            {stage.at === "pin" ? (
                <PinEntry
                    problem={problem && adviceFor(problem.code, problem.message)}
                    onPin={entered}
                />
            ) : null}
            {stage.at === "sending" ? <Working text={t("paying")} /> : null}
            {stage.at === "unknown" ? (
                <UnknownOutcome why={stage.why} onRepeat={() => void send()}
                    onLater={props.onClose} />
            ) : null}
        </Dialog>
    );
}
