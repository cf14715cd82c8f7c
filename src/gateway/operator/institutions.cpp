// Institutions, their links, keys and positions.
#include <algorithm>
#include <utility>

#include "crypto/certificate.hpp"
#include "gateway/door/sealing.hpp"
#include "gateway/operator/impl.hpp"
#include "gateway/operator/institution_bodies.hpp"
#include "gateway/operator/institution_texts.hpp"
#include "gateway/operator/key_facts.hpp"

namespace huitong::gateway::operator_door {
namespace {

// Messages of ISO 8583 name their sender by its institution code alone.
bool is_taken(const engine::Directory& directory, ParticipantId whose,
              const switching::ParticipantState& wanted) {
    if (wanted.protocol != switching::Protocol::iso8583) return false;
    return std::ranges::any_of(directory.participants, [&](const auto& entry) {
        const switching::ParticipantState& other = entry.second.state;
        return entry.first != whose && other.protocol == wanted.protocol &&
               other.institution_code == wanted.institution_code;
    });
}

wire::json::FieldError institution_code_taken() {
    return {.error = Error::id_taken,
            .pointer = "/institution_code",
            .issue = "is another institution's"};
}

}  // namespace

Parsed<engine::Page> parse_page(const Exchange& exchange) {
    wire::json::Report report;
    json_door::Parameters parameters(exchange.request.query(), report);
    const engine::Page page = parameters.page();
    parameters.finish();
    return report.into(page);
}

const switching::Participant* participant_of(const ExchangePtr& exchange) {
    const auto id = json_door::parse_id(exchange->parameters.front());
    const auto* participant =
        id ? exchange->directory->participants.find(ParticipantId{*id}) : nullptr;
    if (participant == nullptr) exchange->no(Error::participant_not_found);
    return participant;
}

Parsed<ParticipantId> parse_whose(const Exchange& exchange) {
    wire::json::Report report;
    json_door::Parameters parameters(exchange.request.query(), report);
    std::uint64_t id = 0;
    parameters.number("participant_id", 1, INT64_MAX, id);
    parameters.finish();
    return report.into(ParticipantId{id});
}

void OperatorDoor::Impl::create_participant(const ExchangePtr& exchange) {
    auto fresh = parse_participant(exchange->request.body);
    if (!fresh) return exchange->no(fresh.error());
    if (is_taken(*exchange->directory, {}, fresh->state))
        return exchange->no(institution_code_taken());
    switching::RegisterParticipant command{.code = std::move(fresh->code),
                                           .state = std::move(fresh->state)};
    ask(exchange, std::move(command), [exchange](engine::Request& back) {
        exchange->yes(participant_json(as<switching::Participant>(back)), 201);
    });
}

void OperatorDoor::Impl::list_participants(const ExchangePtr& exchange) {
    const auto page = parse_page(*exchange);
    if (!page) return exchange->no(page.error());
    const auto found = page_of(exchange->directory->participants, *page);
    PageView view = page_view(found, *page);
    for (const auto* participant : found) view.items.push_back(participant_json(*participant));
    exchange->yes(page_json(view));
}

void OperatorDoor::Impl::get_participant(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant != nullptr) exchange->yes(participant_json(*participant));
}

void OperatorDoor::Impl::get_own_institution(const ExchangePtr& exchange) {
    if (!parts_.ports.own_institution) return exchange->no(Error::path_unknown);
    exchange->yes(own_institution_json(parts_.ports.own_institution()));
}

void OperatorDoor::Impl::change_participant(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    auto change = parse_participant_change(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!change) return exchange->no(change.error());
    if (const auto defect = link_defect(participant->state, change->command))
        return exchange->no(*defect);
    switching::ParticipantState wanted;
    wanted.protocol = change->command.protocol.value_or(participant->state.protocol);
    wanted.institution_code =
        change->command.institution_code.value_or(participant->state.institution_code);
    if (is_taken(*exchange->directory, participant->id(), wanted))
        return exchange->no(institution_code_taken());
    change->command.participant = participant->id();
    if (change->master_key)
        change->command.master_key = Sealed{parts_.master.seal(
            door::participant_master_key_context(participant->id()), change->master_key->expose())};
    ask(exchange, std::move(change->command), [exchange](engine::Request& back) {
        exchange->yes(participant_json(as<switching::Participant>(back)));
    });
}

// One that has not been used since the start says only where it leads.
void OperatorDoor::Impl::get_participant_link(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    if (participant->state.protocol == switching::Protocol::hosted)
        return exchange->no(Error::participant_not_linked);
    on_lists(exchange, [this, exchange, participant] {
        std::optional<links::LinkStatus> status;
        if (parts_.ports.link) status = parts_.ports.link(participant->id());
        if (!status) {
            status.emplace().institution = participant->id();
            for (const std::string& channel : participant->state.channels)
                status->channels.push_back({.address = channel});
        }
        exchange->yes(link_json(*status, exchange->language));
    });
}

void OperatorDoor::Impl::add_participant_key(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    const auto body = parse_key(exchange->request.body);
    if (!body) return exchange->no(body.error());
    const auto facts = key_facts(*body, exchange->now);
    if (!facts) return exchange->no(facts.error());
    switching::AddParticipantKey command{
        .terms = {.participant = participant->id(),
                  .serial = facts->serial,
                  .public_key_pem = facts->public_key_pem,
                  .not_before = facts->not_before,
                  .not_after = facts->not_after}
    };
    ask(exchange, std::move(command), [exchange](engine::Request& back) {
        exchange->yes(participant_key_json(as<switching::ParticipantKey>(back)), 201);
    });
}

void OperatorDoor::Impl::list_participant_keys(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    PageView view;
    for (const auto& [id, key] : exchange->directory->participant_keys) {
        if (key.terms.participant == participant->id() && !key.state.revoked)
            view.items.push_back(participant_key_json(key));
    }
    std::ranges::reverse(view.items);
    exchange->yes(page_json(view));
}

void OperatorDoor::Impl::delete_participant_key(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    const auto serial = crypto::canonical_serial(exchange->parameters.back());
    const auto* key =
        serial ? exchange->directory->participant_keys.find(NaturalKey{0, *serial}) : nullptr;
    if (key == nullptr || key->terms.participant != participant->id())
        return exchange->no(Error::path_unknown);
    ask(exchange, switching::RevokeParticipantKey{participant->id(), key->terms.serial},
        [exchange](engine::Request&) { exchange->done(); });
}

void OperatorDoor::Impl::set_position(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    const auto currency = currency_of(exchange->parameters.back());
    if (!currency) return exchange->no(Error::path_unknown);
    const auto cap_minor = parse_position(exchange->request.body);
    if (!cap_minor) return exchange->no(cap_minor.error());
    switching::SetPosition command{
        .participant = participant->id(), .currency = *currency, .cap_minor = *cap_minor};
    ask(exchange, std::move(command), [this, exchange](engine::Request& back) {
        exchange->yes(told(as<switching::Position>(back)));
    });
}

std::string OperatorDoor::Impl::told(const switching::Position& position) const {
    if (!parts_.ports.account) return position_json({position, std::nullopt});
    const auto account = parts_.ports.account(position.id());
    return position_json({position, account ? *account : std::nullopt});
}

void OperatorDoor::Impl::list_positions(const ExchangePtr& exchange) {
    const auto whose = parse_whose(*exchange);
    if (!whose) return exchange->no(whose.error());
    on_lists(exchange, [this, exchange, whose = *whose] {
        PageView view;
        for (const auto& [id, position] : exchange->directory->positions) {
            if (!whose.named() || position.terms.participant == whose)
                view.items.push_back(told(position));
        }
        exchange->yes(page_json(view));
    });
}

}  // namespace huitong::gateway::operator_door
