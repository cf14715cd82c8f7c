#include "gateway/operator/institution_texts.hpp"

#include "crypto/key.hpp"
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

std::string_view algorithm_of(const std::string& public_key_pem) {
    const auto key = crypto::PublicKey::load(public_key_pem);
    return key && key->sm2() != nullptr ? "SM2" : "RSA";
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
        json.text("algorithm", algorithm_of(key.terms.public_key_pem));
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
