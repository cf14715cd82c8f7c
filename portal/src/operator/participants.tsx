// The institutions that take part.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatStamp } from "../base/time.js";
import { Button, Field } from "../ui/controls.js";
import { AllCodeRules } from "./code_rules.js";
import { emptyLink, LinkFields, linkWish } from "./link_fields.js";
import { createParticipant, listParticipants, type Role } from "./links_api.js";
import { Openings } from "./openings.js";
import { FormSheet, Heading, PagedTable, State, usePages } from "./parts.js";
import { AllPositions } from "./positions.js";
import { t } from "./words.js";

// Headers carry it (api/operator.yaml, ParticipantCode).
const codeForm = /^[0-9A-Za-z_.-]{1,32}$/;
const roleNames: Role[] = ["ACCOUNT_INSTITUTION", "ACQUIRING_INSTITUTION"];

function NewParticipant(props: { onDone: () => void; onClose: () => void }): JSX.Element {
    const [name, setName] = useState("");
    const [code, setCode] = useState("");
    const [roles, setRoles] = useState<Role[]>([]);
    const [draft, setDraft] = useState(emptyLink);
    const toggle = (role: Role, on: boolean): void =>
        setRoles(roleNames.filter((other) => (other === role ? on : roles.includes(other))));
    return (
        <FormSheet
            title={t("new_participant")}
            confirm={t("create")}
            ready={name.trim() !== "" && codeForm.test(code.trim()) && roles.length > 0}
            send={() =>
                createParticipant({
                    name: name.trim(),
                    code: code.trim(),
                    roles,
                    ...linkWish(draft),
                })
            }
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("name")} name="name" value={name} onValue={setName} maxlength={64} />
            <Field label={t("participant_code")} name="code" value={code} onValue={setCode}
                maxlength={32} hint={t("participant_code_hint")} />
            <fieldset class="picker">
                <legend>{t("roles")}</legend>
                {roleNames.map((role) => (
                    <label class="choice" key={role}>
                        <input
                            type="checkbox"
                            checked={roles.includes(role)}
                            onChange={(event) => toggle(role, event.currentTarget.checked)}
                        />
                        {t(`role_${role}`)}
                    </label>
                ))}
            </fieldset>
            <LinkFields draft={draft} onDraft={setDraft} />
        </FormSheet>
    );
}

export function ParticipantsView(): JSX.Element {
    const [adding, setAdding] = useState(false);
    const pages = usePages((before) => listParticipants({ before }), "participants");
    const nameOf = (id: string): string =>
        pages.items.find((participant) => participant.participant_id === id)?.name ?? id;
    return (
        <>
            <Heading title={t("nav_participants")}>
                <Button icon="plus" onClick={() => setAdding(true)}>
                    {t("new_participant")}
                </Button>
            </Heading>
            <PagedTable
                pages={pages}
                label={t("nav_participants")}
                keyOf={(participant) => participant.participant_id}
                href={(participant) => `#/participants/${participant.participant_id}`}
                columns={[
                    { head: t("name"), cell: (p) => <strong>{p.name}</strong> },
                    {
                        head: t("roles"),
                        cell: (p) => p.roles.map((role) => t(`role_${role}`)).join(", "),
                    },
                    { head: t("state"), cell: (p) => <State state={p.status} /> },
                    { head: t("protocol"), cell: (p) => t(`protocol_${p.protocol}`) },
                    { head: "ID", cell: (p) => <code>{p.participant_id}</code> },
                    { head: t("created_at"), cell: (p) => formatStamp(p.created_at) },
                ]}
            />
            <AllPositions nameOf={nameOf} />
            <AllCodeRules nameOf={nameOf} />
            {pages.items.length > 0 ? <Openings participants={pages.items} /> : null}
            {adding ? (
                <NewParticipant
                    onClose={() => setAdding(false)}
                    onDone={() => {
                        setAdding(false);
                        pages.restart();
                    }}
                />
            ) : null}
        </>
    );
}
