// The bound bank accounts, and binding one more.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { go } from "../base/route.js";
import { Button, Empty, Field, Notice, Skeleton } from "../ui/controls.js";
import type { Failure, Loaded } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { bindBank, type FundingSource, type Me } from "./api.js";
import { Failed, PageHead } from "./parts.js";
import { t } from "./words.js";

function BindForm({ onBound }: { onBound: (source: FundingSource) => void }): JSX.Element {
    const [bank, setBank] = useState("");
    const [number, setNumber] = useState("");
    const [bad, setBad] = useState(false);
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        const digits = number.replace(/[\s-]/g, "");
        if (!/^\d{8,32}$/.test(digits)) return setBad(true);
        setBusy(true);
        const answer = await bindBank(bank.trim(), digits);
        setBusy(false);
        setFailure(answer.kind === "done" ? undefined : answer);
        if (answer.kind !== "done") return;
        setBank("");
        setNumber("");
        onBound(answer.value);
    };
    return (
        <form class="stack card" onSubmit={(event) => void submit(event)}>
            <h2>{t("bind_bank")}</h2>
            {failure ? <Failed failure={failure} /> : null}
            <Field label={t("bank_name")} name="bank_name" value={bank} onValue={setBank}
                maxlength={64} />
            <Field
                label={t("account_number")}
                name="account_number"
                value={number}
                onValue={(next) => {
                    setNumber(next);
                    setBad(false);
                }}
                inputmode="numeric"
                maxlength={48}
                problem={bad ? t("account_number_bad") : undefined}
            />
            <Button submit busy={busy} disabled={bank.trim() === "" || number.trim() === ""}>
                {t("bind")}
            </Button>
        </form>
    );
}

export function BankPage({ me }: { me: Loaded<Me> }): JSX.Element {
    const [bound, setBound] = useState<FundingSource>();
    const { value, failure, reload } = me;
    return (
        <div class="page narrow">
            <PageHead title={t("banks")} onBack={() => history.back()} />
            {bound ? (
                <Notice
                    kind="good"
                    action={
                        <Button kind="plain" onClick={() => go("top-up")}>
                            {t("top_up")}
                        </Button>
                    }
                >
                    {t("bound", { bank: bound.bank_name, number: bound.masked_number })}
                </Notice>
            ) : null}
            {failure ? <Failed failure={failure} onRetry={reload} /> : null}
            {!value && !failure ? <Skeleton rows={2} label={t("loading")} /> : null}
            {value && value.funding_sources.length === 0 ? (
                <Empty icon="bank" title={t("no_bank")}>
                    {t("no_bank_hint")}
                </Empty>
            ) : null}
            {value && value.funding_sources.length > 0 ? (
                <ul class="card rows">
                    {value.funding_sources.map((source) => (
                        <li class="row still" key={source.funding_source_id}>
                            <span class="disc bank" aria-hidden="true">
                                <Icon name="bank" />
                            </span>
                            <span class="row-text">
                                <strong>{source.bank_name}</strong>
                                <small>{source.masked_number}</small>
                            </span>
                        </li>
                    ))}
                </ul>
            ) : null}
            <BindForm
                onBound={(source) => {
                    setBound(source);
                    reload();
                }}
            />
        </div>
    );
}
