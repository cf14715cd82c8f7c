// Merchants: the list, a new one, one with its keys.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatMoney } from "../base/money.js";
import { formatStamp, formatTime } from "../base/time.js";
import { Button, Field, Notice, Pairs } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import { useLoad } from "../ui/hooks.js";
import {
    addKey,
    createMerchant,
    freezeMerchant,
    getMerchant,
    listKeys,
    listMerchants,
    removeKey,
    type KeyMode,
    type Merchant,
    type MerchantKey,
} from "./api.js";
import {
    Awaited,
    CopyBox,
    FormSheet,
    FreezeTool,
    Heading,
    PagedTable,
    Select,
    State,
    Table,
    usePages,
} from "./parts.js";
import { t } from "./words.js";

const keyModes: KeyMode[] = ["CERTIFICATE", "PUBLIC_KEY"];

function NewMerchant(props: {
    onDone: (merchant: Merchant) => void;
    onClose: () => void;
}): JSX.Element {
    const [mchid, setMchid] = useState("");
    const [name, setName] = useState("");
    const [appids, setAppids] = useState("");
    const [key, setKey] = useState("");
    const [url, setUrl] = useState("");
    const [mode, setMode] = useState<KeyMode>("CERTIFICATE");
    const apps = appids.split(/[\s,，]+/).filter((appid) => appid !== "");
    return (
        <FormSheet
            title={t("new_merchant")}
            confirm={t("create")}
            ready={/^\d{8,10}$/.test(mchid.trim()) && name.trim() !== "" && apps.length > 0}
            send={() =>
                createMerchant({
                    mchid: mchid.trim(),
                    name: name.trim(),
                    appids: apps,
                    key_mode: mode,
                    ...(key.trim() === "" ? {} : { apiv3_key: key.trim() }),
                    ...(url.trim() === "" ? {} : { notify_url: url.trim() }),
                })
            }
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("mchid")} name="mchid" value={mchid} onValue={setMchid}
                inputmode="numeric" maxlength={10} placeholder="1900000109" />
            <Field label={t("name")} name="name" value={name} onValue={setName} maxlength={64} />
            <Field label={t("appids")} name="appids" value={appids} onValue={setAppids}
                maxlength={1700} hint={t("appids_hint")} />
            <Select label={t("key_mode")} name="key-mode" value={mode} onValue={setMode}
                options={keyModes.map((kind) => [kind, t(`key_mode_${kind}`)])} />
            <Field label={`${t("apiv3_key")} (${t("optional")})`} name="apiv3_key" value={key}
                onValue={setKey} required={false} maxlength={32} hint={t("apiv3_key_hint")} />
            <Field label={`${t("notify_url")} (${t("optional")})`} name="notify_url" value={url}
                onValue={setUrl} required={false} type="url" inputmode="url" maxlength={255} />
        </FormSheet>
    );
}

export function MerchantsView(): JSX.Element {
    const [adding, setAdding] = useState(false);
    const [made, setMade] = useState<Merchant>();
    const pages = usePages((before) => listMerchants({ before }), "merchants");
    return (
        <>
            <Heading title={t("nav_merchants")}>
                <Button icon="plus" onClick={() => setAdding(true)}>
                    {t("new_merchant")}
                </Button>
            </Heading>
            <PagedTable
                pages={pages}
                label={t("nav_merchants")}
                keyOf={(merchant) => merchant.mchid}
                href={(merchant) => `#/merchants/${merchant.mchid}`}
                columns={[
                    { head: t("mchid"), cell: (m) => <code>{m.mchid}</code> },
                    { head: t("name"), cell: (m) => m.name },
                    { head: t("state"), cell: (m) => <State state={m.state} /> },
                    { head: t("key_mode"), cell: (m) => t(`key_mode_${m.key_mode}`) },
                    {
                        head: t("unsettled"),
                        right: true,
                        cell: (m) =>
                            m.balances
                                ? formatMoney({ ...m.balances, total: m.balances.unsettled })
                                : "–",
                    },
                    { head: t("created_at"), cell: (m) => formatStamp(m.created_at) },
                ]}
            />
            {adding ? (
                <NewMerchant
                    onClose={() => setAdding(false)}
                    onDone={(merchant) => {
                        setAdding(false);
                        setMade(merchant);
                        pages.restart();
                    }}
                />
            ) : null}
            {made?.apiv3_key ? (
                <Dialog title={made.name} closeLabel={t("close")} fixed
                    onClose={() => setMade(undefined)}>
                    <div class="stack">
                        <Notice kind="warn">{t("apiv3_key_once")}</Notice>
                        <CopyBox label={t("apiv3_key")} text={made.apiv3_key} />
                        <Button onClick={() => setMade(undefined)}>{t("close")}</Button>
                    </div>
                </Dialog>
            ) : null}
        </>
    );
}

function NewKey(props: { mchid: string; onDone: () => void; onClose: () => void }): JSX.Element {
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
            send={() => addKey(props.mchid, wish)}
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

function Keys({ mchid }: { mchid: string }): JSX.Element {
    const loaded = useLoad(() => listKeys(mchid), mchid);
    const { value, reload } = loaded;
    const [adding, setAdding] = useState(false);
    const [removing, setRemoving] = useState<MerchantKey>();
    return (
        <section class="stack">
            <header class="block-head">
                <h2>{t("merchant_keys")}</h2>
                <Button kind="plain" icon="key" onClick={() => setAdding(true)}>
                    {t("add_key")}
                </Button>
            </header>
            <Awaited loaded={loaded} rows={1} />
            {value && value.items.length === 0 ? (
                <Notice kind="info">{t("no_keys")}</Notice>
            ) : null}
            {value && value.items.length > 0 ? (
                <Table
                    label={t("merchant_keys")}
                    rows={value.items}
                    keyOf={(key) => key.serial_no}
                    columns={[
                        { head: t("serial_no"), cell: (key) => <code>{key.serial_no}</code> },
                        { head: t("key_kind"), cell: (key) => t(`key_kind_${key.kind}`) },
                        {
                            head: t("not_after"),
                            cell: (key) => formatStamp(key.not_after) || "–",
                        },
                        {
                            head: t("fingerprint"),
                            cell: (key) => <code>{key.fingerprint.slice(0, 23)}…</code>,
                        },
                        {
                            head: "",
                            cell: (key) => (
                                <button type="button" class="text-button"
                                    onClick={() => setRemoving(key)}>
                                    {t("remove")}
                                </button>
                            ),
                        },
                    ]}
                />
            ) : null}
            {adding ? (
                <NewKey
                    mchid={mchid}
                    onClose={() => setAdding(false)}
                    onDone={() => {
                        setAdding(false);
                        reload();
                    }}
                />
            ) : null}
            {removing ? (
                <FormSheet
                    title={t("remove")}
                    confirm={t("remove")}
                    ready
                    bad
                    send={() => removeKey(mchid, removing.serial_no)}
                    onClose={() => setRemoving(undefined)}
                    onDone={() => {
                        setRemoving(undefined);
                        reload();
                    }}
                >
                    <p>{t("remove_key_sure")}</p>
                    <code>{removing.serial_no}</code>
                </FormSheet>
            ) : null}
        </section>
    );
}

function Balances({ merchant }: { merchant: Merchant }): JSX.Element | null {
    const balances = merchant.balances;
    if (!balances) return null;
    const tile = (name: "unsettled" | "available" | "frozen"): JSX.Element => (
        <div class="tile card">
            <dt>{t(name)}</dt>
            <dd>{formatMoney({ total: balances[name], currency: balances.currency })}</dd>
        </div>
    );
    return (
        <dl class="tiles three">
            {tile("unsettled")}
            {tile("available")}
            {tile("frozen")}
        </dl>
    );
}

export function MerchantView({ mchid }: { mchid: string }): JSX.Element {
    const loaded = useLoad(() => getMerchant(mchid), mchid);
    const merchant = loaded.value;
    return (
        <>
            <Heading title={merchant?.name ?? mchid}>
                {merchant ? <State state={merchant.state} /> : null}
                <a class="button plain" href={`#/orders?mchid=${mchid}`}>
                    {t("nav_orders")}
                </a>
                <a class="button plain" href={`#/payments?mchid=${mchid}`}>
                    {t("nav_payments")}
                </a>
                {merchant ? (
                    <FreezeTool
                        state={merchant.state}
                        name={merchant.name}
                        send={(verb) => freezeMerchant(mchid, verb)}
                        onDone={loaded.reload}
                    />
                ) : null}
            </Heading>
            <Awaited loaded={loaded} />
            {merchant ? <Balances merchant={merchant} /> : null}
            {merchant ? (
                <section class="card block">
                    <Pairs
                        rows={[
                            [t("mchid"), <code>{merchant.mchid}</code>],
                            ["AppID", merchant.appids.join(", ")],
                            [t("key_mode"), t(`key_mode_${merchant.key_mode}`)],
                            [t("notify_url"), merchant.notify_url ?? "–"],
                            [t("created_at"), formatTime(merchant.created_at)],
                        ]}
                    />
                </section>
            ) : null}
            <Keys mchid={mchid} />
        </>
    );
}
