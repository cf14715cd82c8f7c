#include "engine/testing/answer_line.hpp"

#include <fmt/format.h>

namespace huitong::engine::testing {
namespace {

std::string said(const wallet::Credential& credential) {
    return fmt::format("{}/{}/{}", credential.record.bytes, credential.failures,
                       credential.locked_until.ms);
}
bool frozen(const wallet::User& user) {
    return user.state.status == wallet::UserStatus::frozen;
}

struct Lines {
    std::string operator()(const OrderAnswer& answer) const {
        return line(answer.order) + " shop " + answer.merchant_name;
    }
    std::string operator()(const RefundAnswer& answer) const {
        return line(answer.refund) + "; " + line(answer.order);
    }
    std::string operator()(const switching::PaymentAnswer& answer) const {
        return fmt::format("{} left {} shop {} no {}", line(answer.payment), answer.available_minor,
                           answer.merchant_name, answer.out_trade_no);
    }
    std::string operator()(const UserAnswer& answer) const {
        const wallet::UserState& state = answer.user.state;
        return fmt::format("user {} frozen {} epoch {} password {} pin {} balance {}",
                           answer.user.id().value, frozen(answer.user), state.session_epoch,
                           said(state.password), said(state.payment_password),
                           answer.account.balance);
    }
    std::string operator()(const wallet::LogInAnswer& answer) const {
        const wallet::UserState& state = answer.user.state;
        return fmt::format("login {} matches {} frozen {} epoch {} password {} pin {}",
                           answer.user.id().value, answer.matches, frozen(answer.user),
                           state.session_epoch, said(state.password), said(state.payment_password));
    }
    std::string operator()(const wallet::FundingSource& source) const {
        return fmt::format("source {} account {}", source.id().value, source.terms.account.value);
    }
    std::string operator()(const wallet::TopUpAnswer& answer) const {
        return fmt::format("top-up {} minor {} decline '{}' left {}", answer.top_up.id().value,
                           answer.top_up.terms.minor, answer.top_up.state.decline,
                           answer.available_minor);
    }
    std::string operator()(const acquiring::Merchant& merchant) const {
        return fmt::format("merchant {} name {} frozen {}", merchant.id().value,
                           merchant.state.name,
                           merchant.state.status == acquiring::MerchantStatus::frozen);
    }
    std::string operator()(const acquiring::MerchantKey& key) const {
        return fmt::format("key {} of {} revoked {}", key.terms.serial, key.terms.merchant.value,
                           key.state.revoked);
    }
    std::string operator()(const acquiring::PlatformKey& key) const {
        return fmt::format("key {} of 0 revoked false", key.terms.serial);
    }
    std::string operator()(const ledger::Account& account) const {
        return fmt::format("account {} balance {}", account.id.value, account.balance);
    }
    template <class Other>
    std::string operator()(const Other&) const {
        return "an answer that the model does not know";
    }
};

}  // namespace

std::string line(const Result<Answer>& answer) {
    if (!answer) return "no: " + std::string(describe(answer.error()).name);
    return std::visit(Lines{}, *answer);
}

std::string line(const acquiring::Order& order) {
    const acquiring::OrderState& state = order.state;
    return fmt::format(
        "order {} of {} no {} minor {} status {} expires {} code {} payment {} payer {} ended {} "
        "refunded {} in {}",
        order.id().value, order.terms.merchant.value, order.terms.out_trade_no, order.terms.minor,
        static_cast<int>(state.status), order.terms.expires_at.ms, state.code_expires_at.ms,
        state.payment.value, state.payer.value, state.ended_at.ms, state.refunded_minor,
        state.refund_count);
}

// A status that contradicts the reason given would go unseen, so it is shown where it does.
std::string line(const acquiring::Refund& refund) {
    const bool closed = refund.state.status == acquiring::RefundStatus::closed;
    return fmt::format("refund {} of {} minor {} decline '{}' ended {}{}", refund.id().value,
                       refund.terms.order.value, refund.terms.minor, refund.state.decline,
                       refund.state.ended_at.ms,
                       closed == refund.state.decline.empty() ? " contradiction" : "");
}

std::string line(const switching::Payment& payment) {
    const bool declined = payment.state.status == switching::PaymentStatus::declined;
    return fmt::format("payment {} of {} by {} minor {} decline '{}' refunded {}{}",
                       payment.id().value, payment.terms.order.value, payment.terms.payer.value,
                       payment.terms.minor, payment.state.decline, payment.state.refunded_minor,
                       declined == payment.state.decline.empty() ? " contradiction" : "");
}

}  // namespace huitong::engine::testing
