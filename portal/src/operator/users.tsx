// Wallet users: search, a new one, one with balances and payments.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { query } from "../base/http.js";
import { formatMoney } from "../base/money.js";
import { formatStamp, formatTime } from "../base/time.js";
import { Button, Field, Pairs } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import { createUser, freezeUser, getUser, listUsers, type User } from "./api.js";
import {
    Awaited,
    FormSheet,
    FreezeTool,
    Heading,
    PagedTable,
    SearchForm,
    State,
    usePages,
} from "./parts.js";
import { PaymentTable } from "./records.js";
import { t } from "./words.js";

function NewUser(props: { onDone: (user: User) => void; onClose: () => void }): JSX.Element {
    const [login, setLogin] = useState("");
    const [name, setName] = useState("");
    const [phone, setPhone] = useState("");
    const [password, setPassword] = useState("");
    const [pin, setPin] = useState("");
    const reveal = { show: t("show_password"), hide: t("hide_password") };
    const named = login.trim() !== "" && name.trim() !== "";
    return (
        <FormSheet
            title={t("new_user")}
            confirm={t("create")}
            ready={named && password.length >= 8 && /^\d{6}$/.test(pin)}
            send={() =>
                createUser({
                    login_name: login.trim(),
                    display_name: name.trim(),
                    ...(phone.trim() === "" ? {} : { phone: phone.trim() }),
                    password,
                    payment_password: pin,
                })
            }
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("login_name")} name="login_name" value={login} onValue={setLogin}
                maxlength={64} />
            <Field label={t("display_name")} name="display_name" value={name} onValue={setName}
                maxlength={64} />
            <Field label={`${t("phone")} (${t("optional")})`} name="phone" value={phone}
                onValue={setPhone} required={false} type="tel" inputmode="tel" maxlength={21} />
            <Field label={t("password")} name="new-password" type="password" value={password}
                onValue={setPassword} autocomplete="new-password" maxlength={128} reveal={reveal}
                hint={t("password_rule")} />
            <Field label={t("payment_password")} name="pin" type="password" value={pin}
                onValue={setPin} inputmode="numeric" maxlength={6} reveal={reveal}
                hint={t("payment_password_rule")} />
        </FormSheet>
    );
}

export function UsersView({ values }: { values: URLSearchParams }): JSX.Element {
    const wanted = values.get("login_name") ?? "";
    const [typed, setTyped] = useState(wanted);
    const [adding, setAdding] = useState(false);
    const pages = usePages((before) => listUsers({ login_name: wanted, before }), wanted);
    return (
        <>
            <Heading title={t("nav_users")}>
                <Button icon="plus" onClick={() => setAdding(true)}>
                    {t("new_user")}
                </Button>
            </Heading>
            <SearchForm
                onSearch={() => {
                    location.hash = `#/users${query({ login_name: typed.trim() })}`;
                }}
            >
                <Field label={t("login_name")} name="login_name" value={typed} onValue={setTyped}
                    required={false} maxlength={64} />
            </SearchForm>
            <PagedTable
                pages={pages}
                label={t("nav_users")}
                keyOf={(user) => user.user_id}
                href={(user) => `#/users/${user.user_id}`}
                columns={[
                    { head: t("login_name"), cell: (user) => user.login_name },
                    { head: t("display_name"), cell: (user) => user.display_name },
                    { head: t("phone"), cell: (user) => user.masked_phone ?? "–", wide: true },
                    { head: t("state"), cell: (user) => <State state={user.state} /> },
                    { head: t("created_at"), cell: (user) => formatStamp(user.created_at) },
                ]}
            />
            {adding ? (
                <NewUser
                    onClose={() => setAdding(false)}
                    onDone={(user) => {
                        setAdding(false);
                        location.hash = `#/users/${user.user_id}`;
                    }}
                />
            ) : null}
        </>
    );
}

function Accounts({ user }: { user: User }): JSX.Element {
    return (
        <>
            {(user.accounts ?? []).map(({ account_id, currency, available, held, balance }) => (
                <dl class="tiles three" key={account_id}>
                    {(
                        [
                            [`${t("available")} ${currency}`, available],
                            [t("held"), held],
                            [t("balance"), balance],
                        ] as const
                    ).map(([name, total]) => (
                        <div class="tile card" key={name}>
                            <dt>{name}</dt>
                            <dd>{formatMoney({ total, currency })}</dd>
                        </div>
                    ))}
                </dl>
            ))}
        </>
    );
}

export function UserView({ id }: { id: string }): JSX.Element {
    const loaded = useLoad(() => getUser(id), id);
    const user = loaded.value;
    return (
        <>
            <Heading title={user?.display_name ?? id}>
                {user ? <State state={user.state} /> : null}
                {user ? (
                    <FreezeTool
                        state={user.state}
                        name={user.display_name}
                        send={(verb) => freezeUser(id, verb)}
                        onDone={loaded.reload}
                    />
                ) : null}
            </Heading>
            <Awaited loaded={loaded} />
            {user ? <Accounts user={user} /> : null}
            {user ? (
                <section class="card block">
                    <Pairs
                        rows={[
                            [t("login_name"), user.login_name],
                            [t("phone"), user.masked_phone ?? "–"],
                            ["ID", <code>{user.user_id}</code>],
                            [t("openid"), <code>{user.openid ?? "–"}</code>],
                            [t("created_at"), formatTime(user.created_at)],
                        ]}
                    />
                </section>
            ) : null}
            <h2>{t("user_payments")}</h2>
            <PaymentTable filter={{ user_id: id }} />
        </>
    );
}
