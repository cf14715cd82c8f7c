// The user, the funding sources, top-ups and the history.
#include <utility>

#include "gateway/json_door/parameters.hpp"
#include "gateway/wallet/impl.hpp"
#include "gateway/wallet/texts.hpp"

namespace huitong::gateway::wallet_door {
namespace {

constexpr std::string_view number_context = "person/account-number";

Parsed<engine::Page> parse_page(std::string_view query) {
    wire::json::Report report;
    json_door::Parameters parameters(query, report);
    const engine::Page page = parameters.page();
    parameters.finish();
    return report.into(page);
}

}  // namespace

void WalletDoor::Impl::get_me(const ExchangePtr& exchange) {
    ask(exchange, engine::QueryUser{exchange->session}, [this, exchange](engine::Request& back) {
        on_lists(exchange, [this, exchange, seen = back.sequence,
                            user = std::move(as<engine::UserAnswer>(back))] {
            answer_me(exchange, user, seen);
        });
    });
}

void WalletDoor::Impl::answer_me(const ExchangePtr& exchange, const engine::UserAnswer& user,
                                 Sequence seen) {
    parts_.wait_stored(seen, options_.list_wait);  // A source that was bound just now.
    const auto person = people_.open(user.user.terms.personal);
    if (!person) return exchange->no(person.error());
    const auto sources = parts_.tables.funding_sources(user.user.id());
    if (!sources) return exchange->no(sources.error());
    exchange->yes(me_json({.answer = user, .person = *person, .sources = *sources}));
}

void WalletDoor::Impl::bind_funding_source(const ExchangePtr& exchange) {
    auto parsed = parse_funding_source(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, body = *std::move(parsed)](engine::Request& back) {
            on_lists(exchange, [this, exchange, body,
                                personal = as<engine::UserAnswer>(back).user.terms.personal] {
                const auto sealed = people_.seal_for(personal, number_context, body.account_number);
                if (!sealed) return exchange->no(sealed.error());
                wallet::BindFundingSource command{
                    .session = exchange->session,
                    .bank_name = body.bank_name,
                    .number_key = person_keys_.account_key(body.bank_name, body.account_number),
                    .masked_number = json_door::masked_number(body.account_number),
                    .number = *sealed,
                    .currency = cny};
                ask(exchange, std::move(command), [exchange](engine::Request& bound) {
                    exchange->yes(funding_source_json(as<wallet::FundingSource>(bound)));
                });
            });
        });
}

void WalletDoor::Impl::top_up(const ExchangePtr& exchange) {
    auto parsed = parse_top_up(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    wallet::DrawTopUp command{.session = exchange->session,
                              .source = parsed->source,
                              .amount = parsed->amount,
                              .request_id = std::move(parsed->request_id),
                              .check = {}};
    compare_payment_password(
        exchange, std::move(parsed->payment_password),
        [this, exchange, command = std::move(command)](wallet::PasswordCheck check) {
            wallet::DrawTopUp checked = command;
            checked.check = std::move(check);
            ask(exchange, std::move(checked), [this, exchange](engine::Request& back) {
                answer_top_up(exchange, as<wallet::TopUpAnswer>(back), back.sequence);
            });
        });
}

void WalletDoor::Impl::answer_top_up(const ExchangePtr& exchange, const wallet::TopUpAnswer& answer,
                                     Sequence seen) {
    if (answer.top_up.state.decline == describe(Error::payment_password_wrong).name)
        return exchange->no(Error::payment_password_wrong);
    on_lists(exchange, [this, exchange, answer, seen] {
        // The bank's name is an ornament of this answer; without it the answer is as true.
        parts_.wait_stored(seen, options_.list_wait);
        const auto sources = parts_.tables.funding_sources(exchange->session.user);
        const wallet::FundingSource* used = nullptr;
        if (sources) {
            for (const auto& source : *sources) {
                if (source.id() == answer.top_up.terms.source) used = &source;
            }
        }
        exchange->yes(top_up_json(answer, used, exchange->language));
    });
}

void WalletDoor::Impl::list_history(const ExchangePtr& exchange) {
    const auto page = parse_page(exchange->request.query());
    if (!page) return exchange->no(page.error());
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, page = *page](engine::Request& back) {
            on_lists(exchange, [this, exchange, page, seen = back.sequence] {
                answer_history(exchange, page, seen);
            });
        });
}

void WalletDoor::Impl::answer_history(const ExchangePtr& exchange, engine::Page page,
                                      Sequence seen) {
    const auto directory = parts_.heart.directory();
    HistoryView view{.items = {},
                     .sources = {},
                     .participants = directory->participants,
                     .language = exchange->language};
    if (!parts_.wait_stored(seen, options_.list_wait)) {
        const auto cursor = parts_.tables.cursor();
        if (!cursor) return exchange->no(cursor.error());
        view.as_of = cursor->now;
    }
    const UserId user = exchange->session.user;
    const auto items = parts_.tables.history(user, page);
    const auto sources = parts_.tables.funding_sources(user);
    if (!items || !sources) return exchange->no(Error::store_failed);
    view.items = *items;
    view.sources = *sources;
    if (items->size() >= page.limit) view.next = id_of(items->back());
    exchange->yes(history_json(view));
}

}  // namespace huitong::gateway::wallet_door
