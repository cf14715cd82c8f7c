#include "gateway/operator/institution_texts.hpp"

#include "gateway/json_door/values.hpp"
#include "gateway/operator/texts.hpp"
#include "gateway/operator/words.hpp"

namespace huitong::gateway::operator_door {
namespace {

using json_door::write_id;
using json_door::write_time;
using wire::json::Writer;

void write_roles(Writer& json, const switching::ParticipantState& state) {
    json.begin_array("roles");
    if (state.account_institution) json.text("ACCOUNT_INSTITUTION");
    if (state.acquiring_institution) json.text("ACQUIRING_INSTITUTION");
    json.end_array();
}

void write_link(Writer& json, const switching::ParticipantState& state) {
    json.text("protocol", word_of(protocol_words, state.protocol));
    json.boolean("is_switch", state.is_switch);
    json.text_if("institution_code", state.institution_code);
    json.begin_array("channels");
    for (const std::string& channel : state.channels) json.text(channel);
    json.end_array();
    json.text_if("dialect", state.dialect);
    json.boolean("has_master_key", !state.master_key.bytes.empty());
}

// The account counts the other way round: what the institution owes is below zero there.
void write_use(Writer& json, const ledger::Account& account, std::int64_t cap_minor) {
    const std::int64_t used = account.held - account.balance;
    json.integer("position", -account.balance);
    json.integer("reserved", account.held);
    json.integer("available", cap_minor - used);
    json.integer("used_percent", used_percent(used, cap_minor));
}

void count(Writer& json, std::string_view name, std::uint64_t value) {
    json.integer(name, static_cast<std::int64_t>(value));
}

// Of the last five minutes; latencies only when there were answers.
void write_recent(Writer& json, const links::LinkFigures& figures) {
    json.begin_object("recent");
    count(json, "calls", figures.calls);
    count(json, "failures", figures.failures);
    count(json, "success_ppm", figures.success_ppm());
    if (figures.calls > figures.failures) {
        count(json, "p50_us", figures.p50_us);
        count(json, "p99_us", figures.p99_us);
    }
    json.end_object();
}

void write_last_error(Writer& json, const links::LinkStatus& status, json_door::Language language) {
    Error error = error_named(status.last_error);
    if (error == Error::count_) error = Error::peer_refused;
    json.begin_object("last_error");
    json.text("error", status.last_error);
    json.text("message", json_door::message_of(error, language));
    write_time(json, "at", status.last_error_at);
    json.end_object();
}

}  // namespace

std::string own_institution_json(const OwnInstitution& own) {
    return object([&own](Writer& json) {
        json.text("code", own.code);
        json.text("url", own.url);
        json.text("serial_no", own.serial);
        json.text("public_key_pem", own.public_key_pem);
    });
}

std::string participant_json(const switching::Participant& participant) {
    return object([&participant](Writer& json) {
        const switching::ParticipantState& state = participant.state;
        write_id(json, "participant_id", participant.id().value);
        json.text("code", participant.terms.code);
        json.text("name", state.name);
        write_roles(json, state);
        json.text("status", word_of(participant_status_words, state.status));
        json.boolean("hosted", state.protocol == switching::Protocol::hosted);
        write_link(json, state);
        write_time(json, "created_at", participant.terms.created_at);
    });
}

std::string participant_key_json(const switching::ParticipantKey& key) {
    return object([&key](Writer& json) {
        write_key(json,
                  {key.id(), key.terms.serial, key.terms.public_key_pem, key.terms.not_after});
    });
}

std::int64_t used_percent(std::int64_t used_minor, std::int64_t cap_minor) {
    if (used_minor <= 0) return 0;
    if (cap_minor <= 0) return 100;
    // A position ends at ledger::Limits::position_floor, so this cannot overflow.
    return used_minor * 100 / cap_minor;
}

std::string position_json(const PositionView& view) {
    return object([&view](Writer& json) {
        const switching::PositionTerms& terms = view.position.terms;
        write_id(json, "participant_id", terms.participant.value);
        json.text("currency", describe(terms.currency).code);
        json.integer("cap", view.position.state.cap_minor);
        if (view.account) write_use(json, *view.account, view.position.state.cap_minor);
        write_time(json, "created_at", terms.created_at);
    });
}

std::string link_json(const links::LinkStatus& status, json_door::Language language) {
    return object([&](Writer& json) {
        write_id(json, "participant_id", status.institution.value);
        json.text("state", word_of(link_state_words, status.state));
        if (status.since) write_time(json, "since", *status.since);
        json.begin_array("channels");
        for (const links::ChannelStatus& channel : status.channels) {
            json.begin_object();
            json.text("address", channel.address);
            json.boolean("up", channel.up);
            json.end_object();
        }
        json.end_array();
        if (status.key_since) write_time(json, "key_since", *status.key_since);
        write_recent(json, status.figures);
        count(json, "calls", status.calls);
        count(json, "failures", status.failures);
        count(json, "sign_ons", status.sign_ons);
        count(json, "late", status.late);
        count(json, "mac_alarms", status.mac_alarms);
        count(json, "refused", status.refused);
        if (!status.last_error.empty()) write_last_error(json, status, language);
    });
}

std::string code_rule_json(const switching::CodeRule& rule) {
    return object([&rule](Writer& json) {
        write_id(json, "code_rule_id", rule.id().value);
        write_id(json, "participant_id", rule.terms.participant.value);
        json.text("form", word_of(code_form_words, rule.terms.form));
        json.text("pattern", rule.terms.pattern);
        if (rule.terms.form == switching::CodeForm::digits)
            json.integer("length", rule.terms.length);
        json.integer("priority", rule.state.priority);
    });
}

std::string opening_json(const switching::Opening& opening) {
    return object([&opening](Writer& json) {
        write_id(json, "participant_id", opening.terms.participant.value);
        json.text("code_kind", word_of(code_kind_words, opening.terms.code_kind));
        write_time(json, "opens_at", opening.state.opens_at);
        if (opening.state.closes_at.ms != 0) write_time(json, "closes_at", opening.state.closes_at);
    });
}

}  // namespace huitong::gateway::operator_door
