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
    getPlate,
    listKeys,
    listMerchants,
    removeKey,
    type KeyFamily,
    type KeyMode,
    type Merchant,
} from "./api.js";
import { Keys } from "./keys.js";
import {
    Awaited,
    CopyBox,
    FormSheet,
    FreezeTool,
    Heading,
    PagedTable,
    Select,
    State,
    usePages,
} from "./parts.js";
import { t } from "./words.js";

const keyModes: KeyMode[] = ["CERTIFICATE", "PUBLIC_KEY"];
const keyFamilies: KeyFamily[] = ["RSA", "SM2"];

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
    const [family, setFamily] = useState<KeyFamily>("RSA");
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
                    key_family: family,
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
            <Select label={t("key_family")} name="key-family" value={family} onValue={setFamily}
                options={keyFamilies.map((kind) => [kind, t(`key_family_${kind}`)])} />
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

// What hangs on the merchant's wall: every payer scans it, and enters the amount.
function PlateCard({ mchid }: { mchid: string }): JSX.Element {
    const loaded = useLoad(() => getPlate(mchid), mchid);
    const plate = loaded.value;
    return (
        <section class="card block plate">
            <h3>{t("plate")}</h3>
            <Awaited loaded={loaded} />
            {plate ? (
                <>
                    <img
                        src={`data:image/svg+xml,${encodeURIComponent(plate.picture_svg)}`}
                        alt={t("plate_picture")}
                    />
                    <p>{t("plate_hint")}</p>
                    <CopyBox label={t("plate_code")} text={plate.code} />
                </>
            ) : null}
        </section>
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
                            [t("key_family"), t(`key_family_${merchant.key_family}`)],
                            [t("notify_url"), merchant.notify_url ?? "–"],
                            [t("created_at"), formatTime(merchant.created_at)],
                        ]}
                    />
                </section>
            ) : null}
            <PlateCard mchid={mchid} />
            <Keys
                title={t("merchant_keys")}
                subject={mchid}
                list={() => listKeys(mchid)}
                add={(wish) => addKey(mchid, wish)}
                remove={(serial) => removeKey(mchid, serial)}
            />
        </>
    );
}
