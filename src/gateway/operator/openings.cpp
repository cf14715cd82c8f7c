// Whose a code is, and who may use which codes.
#include <algorithm>
#include <utility>

#include "gateway/operator/impl.hpp"
#include "gateway/operator/institution_bodies.hpp"
#include "gateway/operator/institution_texts.hpp"
#include "gateway/operator/words.hpp"

namespace huitong::gateway::operator_door {

void OperatorDoor::Impl::set_code_rule(const ExchangePtr& exchange) {
    auto rule = parse_code_rule(exchange->request.body);
    if (!rule) return exchange->no(rule.error());
    ask(exchange, *std::move(rule), [exchange](engine::Request& back) {
        exchange->yes(code_rule_json(as<switching::CodeRule>(back)));
    });
}

void OperatorDoor::Impl::list_code_rules(const ExchangePtr& exchange) {
    const auto whose = parse_whose(*exchange);
    if (!whose) return exchange->no(whose.error());
    std::vector<const switching::CodeRule*> rules;
    for (const auto& [id, rule] : exchange->directory->code_rules) {
        const bool wanted = !whose->named() || rule.terms.participant == *whose;
        if (wanted && !rule.state.withdrawn) rules.push_back(&rule);
    }
    // Of equal priority the older rule is asked first, as switching::owner_of does.
    std::ranges::stable_sort(rules, {}, [](const auto* rule) { return rule->state.priority; });
    PageView view;
    for (const auto* rule : rules) view.items.push_back(code_rule_json(*rule));
    exchange->yes(page_json(view));
}

void OperatorDoor::Impl::delete_code_rule(const ExchangePtr& exchange) {
    const auto id = json_door::parse_id(exchange->parameters.front());
    const auto* rule = id ? exchange->directory->code_rules.find(CodeRuleId{*id}) : nullptr;
    if (rule == nullptr) return exchange->no(Error::path_unknown);
    switching::SetCodeRule command{.terms = rule->terms, .state = rule->state};
    command.state.withdrawn = true;
    ask(exchange, std::move(command), [exchange](engine::Request&) { exchange->done(); });
}

void OperatorDoor::Impl::set_opening(const ExchangePtr& exchange) {
    const auto* participant = participant_of(exchange);
    if (participant == nullptr) return;
    const auto kind = value_of(code_kind_words, exchange->parameters.back());
    if (!kind) return exchange->no(Error::path_unknown);
    const auto state = parse_opening(exchange->request.body);
    if (!state) return exchange->no(state.error());
    switching::SetOpening command{
        .terms = {.participant = participant->id(), .code_kind = *kind},
          .state = *state
    };
    ask(exchange, std::move(command), [exchange](engine::Request& back) {
        exchange->yes(opening_json(as<switching::Opening>(back)));
    });
}

void OperatorDoor::Impl::list_openings(const ExchangePtr& exchange) {
    const auto whose = parse_whose(*exchange);
    if (!whose) return exchange->no(whose.error());
    PageView view;
    for (const auto& [id, opening] : exchange->directory->openings) {
        if (!whose->named() || opening.terms.participant == *whose)
            view.items.push_back(opening_json(opening));
    }
    exchange->yes(page_json(view));
}

}  // namespace huitong::gateway::operator_door
