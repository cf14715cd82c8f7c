// Which codes are whose: the rules of one institution, or of all in the order they are asked.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Field, Notice } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import {
    listCodeRules,
    setCodeRule,
    withdrawCodeRule,
    type CodeForm,
    type CodeRule,
} from "./links_api.js";
import { Awaited, FormSheet, Select, Table, type Column } from "./parts.js";
import { t } from "./words.js";

const forms: CodeForm[] = ["EMV_MERCHANT", "EMV_CONSUMER", "URL", "DIGITS"];

function NewRule(props: {
    participantId: string;
    onDone: () => void;
    onClose: () => void;
}): JSX.Element {
    const [form, setForm] = useState<CodeForm>("DIGITS");
    const [pattern, setPattern] = useState("");
    const [length, setLength] = useState("18");
    const [priority, setPriority] = useState("0");
    const digits = form === "DIGITS";
    const numbers = /^\d+$/.test(priority) && (!digits || /^\d+$/.test(length));
    return (
        <FormSheet
            title={t("new_code_rule")}
            confirm={t("save")}
            ready={pattern.trim() !== "" && numbers}
            send={() =>
                setCodeRule({
                    participant_id: props.participantId,
                    form,
                    pattern: pattern.trim(),
                    ...(digits ? { length: Number(length) } : {}),
                    priority: Number(priority),
                })
            }
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Select label={t("code_form")} name="form" value={form} onValue={setForm}
                options={forms.map((each) => [each, t(`code_form_${each}`)])} />
            <Field label={t("code_pattern")} name="pattern" value={pattern} onValue={setPattern}
                maxlength={253} hint={t(`code_hint_${form}`)} />
            {digits ? (
                <Field label={t("code_length")} name="length" value={length} onValue={setLength}
                    inputmode="numeric" maxlength={2} />
            ) : null}
            <Field label={t("priority")} name="priority" value={priority} onValue={setPriority}
                inputmode="numeric" maxlength={6} hint={t("priority_hint")} />
        </FormSheet>
    );
}

const columns = (): Column<CodeRule>[] => [
    { head: t("code_form"), cell: (rule) => t(`code_form_${rule.form}`) },
    { head: t("code_pattern"), cell: (rule) => <code>{rule.pattern}</code> },
    { head: t("code_length"), right: true, cell: (rule) => rule.length ?? "–" },
    { head: t("priority"), right: true, cell: (rule) => rule.priority },
];

export function CodeRules({ participantId }: { participantId: string }): JSX.Element {
    const loaded = useLoad(() => listCodeRules(participantId), participantId);
    const { value, reload } = loaded;
    const [adding, setAdding] = useState(false);
    const [leaving, setLeaving] = useState<CodeRule>();
    const done = (): void => {
        setAdding(false);
        setLeaving(undefined);
        reload();
    };
    const withdraw: Column<CodeRule> = {
        head: "",
        cell: (rule) => (
            <button type="button" class="text-button" onClick={() => setLeaving(rule)}>
                {t("withdraw")}
            </button>
        ),
    };
    return (
        <section class="stack">
            <header class="block-head">
                <h2>{t("code_rules")}</h2>
                <Button kind="plain" icon="plus" onClick={() => setAdding(true)}>
                    {t("new_code_rule")}
                </Button>
            </header>
            <Awaited loaded={loaded} rows={1} />
            {value && value.items.length === 0 ? (
                <Notice kind="info">{t("no_code_rules")}</Notice>
            ) : null}
            {value && value.items.length > 0 ? (
                <Table label={t("code_rules")} rows={value.items}
                    keyOf={(rule) => rule.code_rule_id} columns={[...columns(), withdraw]} />
            ) : null}
            {adding ? (
                <NewRule participantId={participantId} onClose={() => setAdding(false)}
                    onDone={done} />
            ) : null}
            {leaving ? (
                <FormSheet
                    title={t("withdraw")}
                    confirm={t("withdraw")}
                    ready
                    bad
                    send={() => withdrawCodeRule(leaving.code_rule_id)}
                    onClose={() => setLeaving(undefined)}
                    onDone={done}
                >
                    <p>{t("withdraw_sure")}</p>
                    <code>{leaving.pattern}</code>
                </FormSheet>
            ) : null}
        </section>
    );
}

export function AllCodeRules({ nameOf }: { nameOf: (id: string) => string }): JSX.Element | null {
    const loaded = useLoad(() => listCodeRules(), "all");
    const items = loaded.value?.items ?? [];
    if (loaded.value && items.length === 0) return null;
    return (
        <section class="stack">
            <h2>{t("code_rules")}</h2>
            <Awaited loaded={loaded} rows={2} />
            {items.length > 0 ? (
                <Table
                    label={t("code_rules")}
                    rows={items}
                    keyOf={(rule) => rule.code_rule_id}
                    href={(rule) => `#/participants/${rule.participant_id}`}
                    columns={[
                        { head: t("participant"), cell: (rule) => nameOf(rule.participant_id) },
                        ...columns(),
                    ]}
                />
            ) : null}
        </section>
    );
}
