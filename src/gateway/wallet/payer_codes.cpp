// Codes that the user shows to a till, and the payments that a till then asks for.
#include <utility>

#include "crypto/random.hpp"
#include "gateway/wallet/impl.hpp"
#include "gateway/wallet/texts.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

// Sixteen random digits meet others' nearly never; a longer prefix leaves fewer.
constexpr int code_attempts_max = 8;
// Payments among which those that wait are looked for: a payer has seconds to confirm.
constexpr std::uint32_t confirming_page = 50;

}  // namespace

// Before the heart is asked: what is refused here leaves no record.
void WalletDoor::Impl::issue_payer_code(const ExchangePtr& exchange) {
    if (!issue_limit_.admit(exchange->session.user, exchange->now))
        return exchange->no(Error::payer_codes_too_many);
    draw_payer_code(exchange, code_attempts_max);
}

void WalletDoor::Impl::draw_payer_code(const ExchangePtr& exchange, int attempts) {
    const std::string& prefix = options_.payer_code_prefix;
    wallet::IssuePayerCode command{
        .session = exchange->session,
        .digits = prefix + crypto::random_digits(payer_code_digits - prefix.size())};
    parts_.heart.submit(std::make_unique<engine::Request>(
        std::move(command), mailbox_, [this, exchange, attempts](engine::Request& back) {
            if (back.answer) return exchange->yes(payer_code_json(as<wallet::PayerCode>(back)));
            if (back.answer.error() == Error::id_taken && attempts > 1)
                return draw_payer_code(exchange, attempts - 1);
            exchange->no(back.answer.error());
        }));
}

// Payments with a linked side have no merchant of ours at one end: then the institution is named.
std::string WalletDoor::Impl::told(const switching::Payment& payment, Language language) const {
    const auto directory = parts_.heart.directory();
    std::string_view payee_name;
    if (const auto* merchant = directory->merchants.find(payment.terms.merchant)) {
        payee_name = merchant->state.name;
    } else if (const auto* till = directory->participants.find(payment.terms.payee_link)) {
        payee_name = till->state.name;
    }
    return charge_json({.payment = payment,
                        .payee_name = payee_name,
                        .payer_confirmation = options_.payer_confirmation,
                        .language = language});
}

void WalletDoor::Impl::list_confirming(const ExchangePtr& exchange) {
    ask(exchange, engine::QueryUser{exchange->session}, [this, exchange](engine::Request& back) {
        on_lists(exchange,
                 [this, exchange, seen = back.sequence] { answer_confirming(exchange, seen); });
    });
}

void WalletDoor::Impl::answer_confirming(const ExchangePtr& exchange, Sequence seen) {
    parts_.wait_stored(seen, options_.list_wait);  // What is still missing comes at the next look.
    const auto payments =
        parts_.tables.payments(exchange->session.user, {}, {.before = 0, .limit = confirming_page});
    if (!payments) return exchange->no(payments.error());
    std::vector<std::string> charges;
    for (const switching::Payment& payment : *payments) {
        const bool over = payment.terms.created_at + options_.payer_confirmation <= exchange->now;
        if (payment.state.status == switching::PaymentStatus::confirming && !over)
            charges.push_back(told(payment, exchange->language));
    }
    exchange->yes(charges_json(charges));
}

void WalletDoor::Impl::confirm_payment(const ExchangePtr& exchange) {
    const auto id = wire::wechatpay::parse_transaction_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::payment_not_found);
    auto parsed = parse_confirmation(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    compare_payment_password(
        exchange, *std::move(parsed), [this, exchange, id = *id](wallet::PasswordCheck check) {
            ask(exchange,
                switching::ConfirmPayment{
                    .session = exchange->session, .payment = id, .check = std::move(check)},
                [this, exchange](engine::Request& back) {
                    answer_confirmed(exchange, as<switching::Payment>(back));
                });
        });
}

// Still confirming after a confirmation: the password was wrong, and may be tried again.
void WalletDoor::Impl::answer_confirmed(const ExchangePtr& exchange,
                                        const switching::Payment& payment) {
    if (payment.state.status == switching::PaymentStatus::confirming)
        return exchange->no(Error::payment_password_wrong);
    exchange->yes(told(payment, exchange->language));
}

}  // namespace huitong::gateway::wallet_door
