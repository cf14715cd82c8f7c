// Money from a bound bank account into the wallet.
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Refusal, Unknown } from "../base/http.js";
import { Intent } from "../base/intent.js";
import { formatMoney, parseAmount, symbolOf } from "../base/money.js";
import { go } from "../base/route.js";
import { Button, Empty, Field, Notice, Skeleton } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import type { Loaded } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { topUp, type FundingSource, type Me, type TopUp, type TopUpWish } from "./api.js";
import { adviceFor, Failed, PageHead } from "./parts.js";
import { PinEntry, UnknownOutcome, Working } from "./pay_sheet.js";
import { TopUpReceipt } from "./receipt.js";
import { t } from "./words.js";

// Round sums in major units that one tap fills in.
const suggestions = ["50", "100", "200", "500"];

export function SourcePicker(props: {
    sources: FundingSource[];
    chosen: string | undefined;
    onChoose: (id: string) => void;
}): JSX.Element {
    return (
        <fieldset class="picker">
            <legend>{t("top_up_from")}</legend>
            {props.sources.map((source) => (
                <label class="choice" key={source.funding_source_id}>
                    <input
                        type="radio"
                        name="source"
                        checked={source.funding_source_id === props.chosen}
                        onChange={() => props.onChoose(source.funding_source_id)}
                    />
                    <span class="disc bank" aria-hidden="true">
                        <Icon name="bank" />
                    </span>
                    <span class="row-text">
                        <strong>{source.bank_name}</strong>
                        <small>{source.masked_number}</small>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

type Stage =
    | { at: "pin"; problem?: Refusal }
    | { at: "sending" }
    | { at: "unknown"; why: Unknown };

// The same road as a payment (pay_sheet.tsx), without the confirmation: the form was that.
function TopUpSheet(props: {
    wish: TopUpWish;
    onTopUp: (topUp: TopUp) => void;
    onRefusal: (refusal: Refusal) => void;
    onClose: () => void;
}): JSX.Element {
    const { wish } = props;
    const subject = `top-up ${wish.funding_source_id} ${wish.amount.total} ${wish.amount.currency}`;
    const intent = useMemo(() => new Intent(subject, sessionStorage), [subject]);
    const [stage, setStage] = useState<Stage>({ at: "pin" });
    const pin = useRef("");
    const send = async (): Promise<void> => {
        setStage({ at: "sending" });
        const answer = await intent.submit((id) => topUp(id, wish, pin.current));
        if (answer.kind === "unknown") return setStage({ at: "unknown", why: answer });
        pin.current = "";
        if (answer.kind === "done") return props.onTopUp(answer.value);
        if (answer.code !== "PAYMENT_PASSWORD_WRONG") return props.onRefusal(answer);
        setStage({ at: "pin", problem: answer });
    };
    const titles = {
        pin: t("top_up_confirm", { amount: formatMoney(wish.amount) }),
        sending: t("topping_up"),
        unknown: t("unknown_title"),
    };
    const problem = stage.at === "pin" ? stage.problem : undefined;
    return (
        <Dialog
            title={titles[stage.at]}
            closeLabel={t("close")}
            onClose={props.onClose}
            fixed={stage.at === "sending"}
        >
            {stage.at === "pin" ? (
                <PinEntry
                    problem={problem && adviceFor(problem.code, problem.message)}
                    onPin={(digits) => {
                        pin.current = digits;
                        void send();
                    }}
                />
            ) : null}
            {stage.at === "sending" ? <Working text={t("topping_up")} /> : null}
            {stage.at === "unknown" ? (
                <UnknownOutcome
                    why={stage.why}
                    onRepeat={() => void send()}
                    onLater={props.onClose}
                />
            ) : null}
        </Dialog>
    );
}

function AmountChips(props: { currency: string; onChoose: (text: string) => void }): JSX.Element {
    return (
        <div class="chips">
            {suggestions.map((text) => (
                <button type="button" key={text} onClick={() => props.onChoose(text)}>
                    {symbolOf(props.currency)}
                    {text}
                </button>
            ))}
        </div>
    );
}

function TopUpForm(props: {
    me: Me;
    currency: string;
    refusal: Refusal | undefined;
    onWish: (wish: TopUpWish) => void;
}): JSX.Element {
    const sources = props.me.funding_sources;
    const [source, setSource] = useState(sources[0]?.funding_source_id);
    const [text, setText] = useState("");
    const [bad, setBad] = useState(false);
    const { currency } = props;
    const total = parseAmount(text, currency);
    const submit = (event: Event): void => {
        event.preventDefault();
        if (total === undefined || source === undefined) return setBad(true);
        props.onWish({ funding_source_id: source, amount: { total, currency } });
    };
    const enter = (next: string): void => {
        setText(next);
        setBad(false);
    };
    return (
        <form class="stack card" onSubmit={submit}>
            {props.refusal ? (
                <Notice kind="bad">{adviceFor(props.refusal.code, props.refusal.message)}</Notice>
            ) : null}
            <div class="big-amount">
                <Field
                    label={t("amount")}
                    name="amount"
                    value={text}
                    onValue={enter}
                    inputmode="decimal"
                    placeholder="0.00"
                    maxlength={18}
                    prefix={symbolOf(currency)}
                    problem={bad ? t("amount_bad") : undefined}
                />
            </div>
            <AmountChips currency={currency} onChoose={enter} />
            <SourcePicker sources={sources} chosen={source} onChoose={setSource} />
            <a class="link" href="#/banks">
                {t("bind_bank")}
            </a>
            <Button submit disabled={text === ""} id="top-up">
                {total === undefined
                    ? t("top_up")
                    : t("top_up_confirm", { amount: formatMoney({ total, currency }) })}
            </Button>
        </form>
    );
}

export function TopUpPage({ me }: { me: Loaded<Me> }): JSX.Element {
    const [wish, setWish] = useState<TopUpWish>();
    const [refusal, setRefusal] = useState<Refusal>();
    const [topUpDone, setTopUpDone] = useState<TopUp>();
    const { value, failure } = me;
    if (topUpDone) {
        return (
            <TopUpReceipt topUp={topUpDone}>
                <Button onClick={() => go("")} id="done">
                    {t("done")}
                </Button>
            </TopUpReceipt>
        );
    }
    const currency = value?.accounts[0]?.currency ?? "CNY";
    const close = (): void => setWish(undefined);
    return (
        <div class="page narrow">
            <PageHead title={t("top_up_title")} onBack={() => go("")} />
            {failure ? <Failed failure={failure} onRetry={me.reload} /> : null}
            {!value && !failure ? <Skeleton rows={3} label={t("loading")} /> : null}
            {value && value.funding_sources.length === 0 ? (
                <>
                    <Empty icon="bank" title={t("no_bank")}>
                        {t("no_bank_hint")}
                    </Empty>
                    <Button onClick={() => go("banks")}>{t("bind_bank")}</Button>
                </>
            ) : null}
            {value && value.funding_sources.length > 0 ? (
                <TopUpForm
                    me={value}
                    currency={currency}
                    refusal={refusal}
                    onWish={(next) => {
                        setRefusal(undefined);
                        setWish(next);
                    }}
                />
            ) : null}
            {wish ? (
                <TopUpSheet
                    wish={wish}
                    onClose={close}
                    onRefusal={(no) => {
                        close();
                        setRefusal(no);
                    }}
                    onTopUp={(answer) => {
                        close();
                        setTopUpDone(answer);
                        me.reload();
                    }}
                />
            ) : null}
        </div>
    );
}
