// The institutions that take part.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatStamp } from "../base/time.js";
import { Button, Field } from "../ui/controls.js";
import { createParticipant, listParticipants, type Participant } from "./api.js";
import { FormSheet, Heading, PagedTable, usePages } from "./parts.js";
import { t } from "./words.js";

type Role = Participant["roles"][number];

const roleNames: Role[] = ["ACCOUNT_INSTITUTION", "ACQUIRING_INSTITUTION"];

function NewParticipant(props: { onDone: () => void; onClose: () => void }): JSX.Element {
    const [name, setName] = useState("");
    const [roles, setRoles] = useState<Role[]>([]);
    const toggle = (role: Role, on: boolean): void =>
        setRoles(roleNames.filter((other) => (other === role ? on : roles.includes(other))));
    return (
        <FormSheet
            title={t("new_participant")}
            confirm={t("create")}
            ready={name.trim() !== "" && roles.length > 0}
            send={() => createParticipant(name.trim(), roles)}
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("name")} name="name" value={name} onValue={setName} maxlength={64} />
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
        </FormSheet>
    );
}

export function ParticipantsView(): JSX.Element {
    const [adding, setAdding] = useState(false);
    const pages = usePages((before) => listParticipants({ before }), "participants");
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
                columns={[
                    { head: t("name"), cell: (p) => <strong>{p.name}</strong> },
                    {
                        head: t("roles"),
                        cell: (p) => p.roles.map((role) => t(`role_${role}`)).join(", "),
                    },
                    { head: t("accounts"), cell: (p) => t(p.hosted ? "hosted" : "linked") },
                    { head: "ID", cell: (p) => <code>{p.participant_id}</code> },
                    { head: t("created_at"), cell: (p) => formatStamp(p.created_at) },
                ]}
            />
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
