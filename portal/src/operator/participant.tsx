// One institution: its link, keys, positions, codes and openings.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatTime } from "../base/time.js";
import { Button, Field, Pairs } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import { CodeRules } from "./code_rules.js";
import { Keys } from "./keys.js";
import {
    addParticipantKey,
    changeParticipant,
    getParticipant,
    listParticipantKeys,
    removeParticipantKey,
    type Participant,
} from "./links_api.js";
import { emptyLink, LinkFields, linkWish, type LinkDraft } from "./link_fields.js";
import { LinkState } from "./link_status.js";
import { Openings } from "./openings.js";
import { Awaited, FormSheet, Heading, State } from "./parts.js";
import { Positions } from "./positions.js";
import { t } from "./words.js";

interface SheetProps {
    participant: Participant;
    onDone: () => void;
    onClose: () => void;
}

const draftOf = (participant: Participant): LinkDraft => ({
    ...emptyLink,
    protocol: participant.protocol,
    isSwitch: participant.is_switch,
    institutionCode: participant.institution_code ?? "",
    channels: participant.channels.join("\n"),
    dialect: participant.dialect ?? "",
});

function EditLink({ participant, onDone, onClose }: SheetProps): JSX.Element {
    const [name, setName] = useState(participant.name);
    const [draft, setDraft] = useState(() => draftOf(participant));
    return (
        <FormSheet
            title={t("edit_link")}
            confirm={t("save")}
            ready={name.trim() !== ""}
            send={() =>
                changeParticipant(participant.participant_id, {
                    name: name.trim(),
                    ...linkWish(draft),
                })
            }
            onDone={onDone}
            onClose={onClose}
        >
            <Field label={t("name")} name="name" value={name} onValue={setName} maxlength={64} />
            <LinkFields draft={draft} onDraft={setDraft} />
        </FormSheet>
    );
}

function SetMasterKey({ participant, onDone, onClose }: SheetProps): JSX.Element {
    const [key, setKey] = useState("");
    return (
        <FormSheet
            title={t("set_master_key")}
            confirm={t("save")}
            ready={/^([0-9A-Fa-f]{16}|[0-9A-Fa-f]{32})$/.test(key.trim())}
            send={() => changeParticipant(participant.participant_id, { master_key: key.trim() })}
            onDone={onDone}
            onClose={onClose}
        >
            <Field label={t("master_key")} name="master_key" type="password" value={key}
                onValue={setKey} maxlength={32} hint={t("master_key_hint")}
                reveal={{ show: t("show_password"), hide: t("hide_password") }} />
        </FormSheet>
    );
}

function Suspend({ participant, onDone, onClose }: SheetProps): JSX.Element {
    const active = participant.status === "ACTIVE";
    const verb = active ? "suspend" : "resume";
    return (
        <FormSheet
            title={`${t(verb)} · ${participant.name}`}
            confirm={t(verb)}
            ready
            bad={active}
            send={() =>
                changeParticipant(participant.participant_id, {
                    status: active ? "SUSPENDED" : "ACTIVE",
                })
            }
            onDone={onDone}
            onClose={onClose}
        >
            <p>{t(active ? "suspend_sure" : "resume_sure")}</p>
        </FormSheet>
    );
}

function LinkCard({ participant }: { participant: Participant }): JSX.Element {
    const channels = participant.channels.map((channel) => <code key={channel}>{channel} </code>);
    return (
        <section class="card block">
            <Pairs
                rows={[
                    [t("participant_code"), <code>{participant.code}</code>],
                    [t("roles"), participant.roles.map((role) => t(`role_${role}`)).join(", ")],
                    [t("protocol"), t(`protocol_${participant.protocol}`)],
                    [t("channels"), channels.length > 0 ? channels : "–"],
                    [t("institution_code"), participant.institution_code ?? "–"],
                    [t("is_switch"), t(participant.is_switch ? "yes" : "no")],
                    [t("dialect"), participant.dialect ?? "–"],
                    [t("master_key"), t(participant.has_master_key ? "key_set" : "key_unset")],
                    ["ID", <code>{participant.participant_id}</code>],
                    [t("created_at"), formatTime(participant.created_at)],
                ]}
            />
        </section>
    );
}

const sheets = { edit: EditLink, master_key: SetMasterKey, suspend: Suspend };

export function ParticipantView({ id }: { id: string }): JSX.Element {
    const loaded = useLoad(() => getParticipant(id), id);
    const participant = loaded.value;
    const [open, setOpen] = useState<keyof typeof sheets>();
    const Sheet = open ? sheets[open] : undefined;
    const close = (): void => setOpen(undefined);
    return (
        <>
            <Heading title={participant?.name ?? id}>
                {participant ? (
                    <>
                        <State state={participant.status} />
                        <Button kind="plain" onClick={() => setOpen("edit")}>
                            {t("edit_link")}
                        </Button>
                        <Button kind="plain" icon="key" onClick={() => setOpen("master_key")}>
                            {t("set_master_key")}
                        </Button>
                        <Button kind="plain" icon="lock" onClick={() => setOpen("suspend")}>
                            {t(participant.status === "ACTIVE" ? "suspend" : "resume")}
                        </Button>
                    </>
                ) : null}
            </Heading>
            <Awaited loaded={loaded} />
            {participant ? (
                <>
                    <LinkCard participant={participant} />
                    {participant.hosted ? null : <LinkState participantId={id} />}
                    {participant.hosted ? null : <Positions participantId={id} />}
                    <Keys
                        title={t("participant_keys")}
                        subject={id}
                        list={() => listParticipantKeys(id)}
                        add={(wish) => addParticipantKey(id, wish)}
                        remove={(serial) => removeParticipantKey(id, serial)}
                    />
                    <CodeRules participantId={id} />
                    <Openings participants={[participant]} />
                </>
            ) : null}
            {Sheet && participant ? (
                <Sheet
                    participant={participant}
                    onClose={close}
                    onDone={() => {
                        close();
                        loaded.reload();
                    }}
                />
            ) : null}
        </>
    );
}
