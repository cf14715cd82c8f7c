// The merchant side: merchants and keys, orders and their lives, the payee's half of a payment and
// of a refund.
//
// Every decide function reads the state, takes the time as an argument and changes nothing; what it
// decides goes into `Effects` and the ledger draft. Checks run in the order in which each function
// lists its errors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acquiring/merchant.hpp"
#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"

namespace huitong::ledger {
class Draft;
}

namespace huitong::acquiring {

// Versioned configuration of the merchant side, with its defaults (wechatpay-v3 4.1, 5.1).
struct Rules {
    Duration order_life = days(7);
    Duration order_life_min = minutes(1);
    Duration order_life_max = days(15);
    Duration code_life = hours(2);
    Duration h5_code_life = minutes(5);
    Duration refund_window = days(365);
    std::uint32_t refunds_max = 50;
};

struct Acquiring;  // state.hpp, as are the effects
struct Effects;

// A new merchant with its three accounts: id_taken.
struct RegisterMerchant {
    MerchantTerms terms;  // ids allotted; created_at set by the decision
    MerchantState state;
    Currency currency;
};
Result<Merchant> register_merchant(const Acquiring& acquiring, const RegisterMerchant& command,
                                   Instant now, ledger::Draft& draft, Effects& effects);

// The merchant's state as the operator wants it; repeating it changes nothing. merchant_not_found.
struct ChangeMerchant {
    MerchantId merchant;
    std::optional<MerchantStatus> status;
    std::optional<KeyMode> key_mode;
    std::optional<KeyFamily> key_family;
    std::optional<std::string> name;
    std::optional<std::vector<std::string>> appids;
    std::optional<Sealed> apiv3_key;
    std::optional<std::string> notify_url;
};
Result<Merchant> change_merchant(const Acquiring& acquiring, const ChangeMerchant& command,
                                 Effects& effects);

// A key by which a merchant's requests are verified; adding the same again answers with the first.
// merchant_not_found, certificate_invalid (outside its dates), serial_taken.
struct AddMerchantKey {
    MerchantKeyTerms terms;  // id allotted
};
Result<MerchantKey> add_merchant_key(const Acquiring& acquiring, const AddMerchantKey& command,
                                     Instant now, Effects& effects);
// serial_unknown when the merchant has no such key.
struct RevokeMerchantKey {
    MerchantId merchant;
    std::string serial;
};
Result<MerchantKey> revoke_merchant_key(const Acquiring& acquiring,
                                        const RevokeMerchantKey& command, Effects& effects);
// A key pair of the platform: serial_taken.
struct AddPlatformKey {
    PlatformKeyTerms terms;  // id allotted
};
Result<PlatformKey> add_platform_key(const Acquiring& acquiring, const AddPlatformKey& command,
                                     Effects& effects);

// A prepay request. The same number with the same content answers with the same order, and renews
// its code when that has run out. merchant_not_found, merchant_frozen, appid_not_bound,
// amount_not_positive, amount_overflow, order_number_reused, order_number_paid, order_closed,
// order_expired.
struct CreateOrder {
    OrderTerms terms;  // id allotted; created_at and a missing or extreme expires_at are set by the
                       // decision
};
Decided<Order> create_order(const Acquiring& acquiring, const CreateOrder& command,
                            const Rules& rules, Instant now, Effects& effects);

// An order by its id or by its merchant's number: order_not_found, also for another merchant's
// order.
struct OrderRef {
    MerchantId merchant;
    OrderId id;  // when not named: by number
    std::string out_trade_no;
};
Decided<const Order*> find_order(const Acquiring& acquiring, const OrderRef& ref);

// Closes an unpaid order; repeating it succeeds. order_not_found, order_reversal_only (a till's),
// order_paid, order_locked.
struct CloseOrder {
    OrderRef order;
};
Decided<Order> close_order(const Acquiring& acquiring, const CloseOrder& command, Instant now,
                           Effects& effects);
// The timer's command: closes what is still open past its time, and otherwise does nothing.
struct ExpireOrder {
    OrderId order;
};
Decided<Order> expire_order(const Acquiring& acquiring, const ExpireOrder& command, Instant now,
                            Effects& effects);

// May this order be paid now? order_paid, order_closed, order_locked, order_expired,
// order_code_expired.
Result<void> payable_now(const Order& order, Instant now);
// The payee's half of a payment: may this order be paid now, by this openid of its appid, and into
// which account? order_paid, order_closed, order_expired, order_locked, order_code_expired,
// order_payer_differs, merchant_frozen.
Result<AccountId> payable(const Acquiring& acquiring, const Order& order, const std::string& openid,
                          Instant now);
// The order's state once `payment` has paid it.
OrderState paid_state(const Order& order, PaymentId payment, UserId payer, Instant now);

// While a payment of the order is reserved: nobody else pays or closes it.
OrderState locked_state(const Order& order, PaymentId payment);
// The payment came to nothing: open again, or closed if it is so `for_good` or if its time has run
// out meanwhile.
OrderState unlocked_state(const Order& order, bool for_good, Instant now);

// The payee's half of a refund: the checks on the order and the merchant's accounts.
struct CreateRefund {
    RefundTerms
        terms;  // id allotted; order, payment, currency and created_at are set by the decision
    OrderRef order;
    std::int64_t total_minor = 0;
    PaymentId movement;  // allotted: of the money, when the payer is at another institution
};
// The end of a refund that was processing: given, or else the money goes back from the account it
// waits in to the merchant. refund_not_found, order_not_found.
struct RefundEnd {
    bool given = false;
    std::string decline;  // the name of the Error, when not given
    AccountId from;
};
Decided<void> end_refund(const Acquiring& acquiring, RefundId id, const RefundEnd& end, Instant now,
                         ledger::Draft& draft, Effects& effects);
// The first refund under this number when it is a repeat, else null: refund_number_reused.
Decided<const Refund*> repeated_refund(const Acquiring& acquiring, const CreateRefund& command);
// merchant_not_found, refund_order_not_found, refund_order_unpaid, currency_mismatch,
// amount_not_positive, refund_total_differs, refund_window_closed, refund_count_exceeded,
// refund_exceeds_payment.
Decided<const Order*> refundable(const Acquiring& acquiring, const CreateRefund& command,
                                 const Rules& rules, Instant now);
// Takes the amount from the merchant's accounts to `payee`: merchant_funds_insufficient,
// balance_limit_exceeded.
Result<void> post_refund(const Merchant& merchant, RefundFunds funds, AccountId to, Money amount,
                         ledger::Draft& draft);

// A refund by its merchant's number: refund_not_found.
Decided<const Refund*> find_refund(const Acquiring& acquiring, MerchantId merchant,
                                   const std::string& out_refund_no);

}  // namespace huitong::acquiring
