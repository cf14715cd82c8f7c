// The keys with which a merchant or an institution signs: the list, a new one, one that goes.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../base/http.js";
import { formatStamp } from "../base/time.js";
import { Button, Field, Notice } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import type { MerchantKey } from "./api.js";
import { Awaited, FormSheet, Table, type Column } from "./parts.js";
import { t } from "./words.js";


interface KeyRing {
    title: string;
    subject: string; // whose they are, for the page's own keys
    list: () => Promise<Answer<{ items: MerchantKey[] }>>;
    add: (wish: object) => Promise<Answer<MerchantKey>>;
    remove: (serial: string) => Promise<Answer<void>>;
}

function NewKey(props: {
    add: KeyRing["add"];
    onDone: () => void;
    onClose: () => void;
}): JSX.Element {
    const [pem, setPem] = useState("");
    const [serial, setSerial] = useState("");
    const certificate = pem.includes("BEGIN CERTIFICATE");
    const wish = certificate
        ? { certificate_pem: pem }
        : { public_key_pem: pem, serial_no: serial.trim() };
    return (
        <FormSheet
            title={t("add_key")}
            confirm={t("save")}
            ready={pem.trim() !== "" && (certificate || serial.trim() !== "")}
            send={() => props.add(wish)}
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("key_pem")} name="pem" value={pem} onValue={setPem} rows={9}
                maxlength={16384} />
            {certificate ? null : (
                <Field label={t("serial_no")} name="serial_no" value={serial} onValue={setSerial}
                    maxlength={64} hint={t("serial_no_hint")} />
            )}
        </FormSheet>
    );
}

const kindOf = (key: MerchantKey): string =>
    [t(`key_kind_${key.kind}`), key.algorithm].filter(Boolean).join(" · ");

const columns = (onRemove: (key: MerchantKey) => void): Column<MerchantKey>[] => [
    { head: t("serial_no"), cell: (key) => <code>{key.serial_no}</code> },
    { head: t("key_kind"), cell: kindOf },
    { head: t("not_after"), cell: (key) => formatStamp(key.not_after) || "–" },
    { head: t("fingerprint"), cell: (key) => <code>{key.fingerprint.slice(0, 23)}…</code> },
    {
        head: "",
        cell: (key) => (
            <button type="button" class="text-button" onClick={() => onRemove(key)}>
                {t("remove")}
            </button>
        ),
    },
];

export function Keys(props: KeyRing): JSX.Element {
    const loaded = useLoad(props.list, props.subject);
    const { value, reload } = loaded;
    const [adding, setAdding] = useState(false);
    const [removing, setRemoving] = useState<MerchantKey>();
    const done = (): void => {
        setAdding(false);
        setRemoving(undefined);
        reload();
    };
    return (
        <section class="stack">
            <header class="block-head">
                <h2>{props.title}</h2>
                <Button kind="plain" icon="key" onClick={() => setAdding(true)}>
                    {t("add_key")}
                </Button>
            </header>
            <Awaited loaded={loaded} rows={1} />
            {value && value.items.length === 0 ? (
                <Notice kind="info">{t("no_keys")}</Notice>
            ) : null}
            {value && value.items.length > 0 ? (
                <Table label={props.title} rows={value.items} keyOf={(key) => key.serial_no}
                    columns={columns(setRemoving)} />
            ) : null}
            {adding ? (
                <NewKey add={props.add} onClose={() => setAdding(false)} onDone={done} />
            ) : null}
            {removing ? (
                <FormSheet
                    title={t("remove")}
                    confirm={t("remove")}
                    ready
                    bad
                    send={() => props.remove(removing.serial_no)}
                    onClose={() => setRemoving(undefined)}
                    onDone={done}
                >
                    <p>{t("remove_key_sure")}</p>
                    <code>{removing.serial_no}</code>
                </FormSheet>
            ) : null}
        </section>
    );
}
