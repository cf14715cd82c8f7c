// A payment: the movement of money from a payer to a payee (design section 2).
//
//             requester asks                   responder answers
//     received --yes--> reserved ------yes------> completed
//         |                |---no-------------> declined (hold voided)
//         +--no--> declined +---undecided-----> reversing --acknowledged--> reversed
//
// Each side is hosted (its accounts are in this ledger) or linked (an institution reached over a
// link, whose money is its position). A hosted responder answers inside decide.
//
// Over a JSON link, and over ISO 8583 for what a payer scanned, a yes is pending until the
// requester commits: the payment stays reserved and is `accepted`. Only the requester ends it from
// there, by its commit or its reversal.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::switching {

enum class PaymentStatus : std::uint8_t {
    completed = 0,
    declined = 1,
    reserved = 2,
    reversing = 3,  // the hold is gone; the responder has still to acknowledge the reversal
    reversed = 4,
    confirming = 5,  // the payer is being asked (USERPAYING); nothing is held yet
};

// Who asks whom. MPM: the payer's institution asks the payee's. CPM: the till asks the payer's. A
// refund runs the other way: the payee of the original pays, and asks.
enum class PaymentKind : std::uint8_t { mpm = 0, cpm = 1, refund = 2 };

struct PaymentTerms {
    PaymentId id;
    OrderId order;
    MerchantId merchant;
    UserId payer;
    AccountId payer_account;
    AccountId payee_account;
    std::int64_t minor = 0;
    Currency currency;
    std::string request_id;  // the requester's idempotency key
    Instant created_at;
    RequesterId requester;  // the user, merchant or participant that asked
    PaymentKind kind = PaymentKind::mpm;
    ParticipantId payer_link;  // the institution that stands for the payer; not named: hosted here
    ParticipantId payee_link;
    std::string code;     // by which the responder finds its side: a resolve token, a payer code
    std::string subject;  // what the payer is shown: the payee's name, or the goods
    PaymentId original;   // of a refund: the payment it gives back on
    RefundId refund;      // of a refund asked by a merchant hosted here
    std::uint32_t window = 0;    // the clearing window, as YYYYMMDD of the business day
    std::string content_digest;  // of the business fields: tells a repeat from a reuse

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "payment_id", self.id);
        v(2, "order_id", self.order);
        v(3, "merchant_id", self.merchant);
        v(4, "payer_id", self.payer);
        v(5, "payer_account_id", self.payer_account);
        v(6, "payee_account_id", self.payee_account);
        v(7, "minor", self.minor);
        v(8, "currency", self.currency);
        v(9, "request_id", self.request_id);
        v(10, "created_at", self.created_at);
        v(11, "requester_id", self.requester);
        v(12, "kind", self.kind);
        v(13, "payer_link_id", self.payer_link);
        v(14, "payee_link_id", self.payee_link);
        v(15, "code", self.code);
        v(16, "subject", self.subject);
        v(17, "original_payment_id", self.original);
        v(18, "refund_id", self.refund);
        v(19, "clearing_window", self.window);
        v(20, "content_digest", self.content_digest);
    }
    // Whom the requester asks, and who asks; not named: hosted here.
    [[nodiscard]] ParticipantId responder_link() const {
        return kind == PaymentKind::cpm ? payer_link : payee_link;
    }
    [[nodiscard]] ParticipantId requester_link() const {
        return kind == PaymentKind::cpm ? payee_link : payer_link;
    }
    friend bool operator==(const PaymentTerms&, const PaymentTerms&) = default;
};

struct PaymentState {
    PaymentStatus status = PaymentStatus::completed;
    Instant ended_at;
    std::string decline;              // the name of the Error, when declined
    std::int64_t refunded_minor = 0;  // given back, or reserved by refunds under way
    bool accepted = false;       // reserved, and the responder said yes: the requester may commit
    bool commit_owed = false;    // completed, and the responder has not acknowledged our commit
    std::string peer_reference;  // the responder's own number for it

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "ended_at", self.ended_at);
        v(3, "decline", self.decline);
        v(4, "refunded_minor", self.refunded_minor);
        v(5, "accepted", self.accepted);
        v(6, "commit_owed", self.commit_owed);
        v(7, "peer_reference", self.peer_reference);
    }
    friend bool operator==(const PaymentState&, const PaymentState&) = default;
};

struct Payment {
    using IdType = PaymentId;
    using Terms = PaymentTerms;
    using State = PaymentState;
    static constexpr RecordKind kind = RecordKind::payment;

    PaymentTerms terms;
    PaymentState state;

    [[nodiscard]] PaymentId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const {
        // Before there were other requesters, only payers asked, and were not named twice.
        const bool named = terms.requester.named();
        return {named ? terms.requester.value : terms.payer.value, terms.request_id};
    }
    // Something is still to come: it stays in memory, and a courier cares for it.
    [[nodiscard]] bool unfinished() const {
        const bool open = state.status == PaymentStatus::reserved ||
                          state.status == PaymentStatus::reversing ||
                          state.status == PaymentStatus::confirming;
        return open || state.commit_owed;
    }
    [[nodiscard]] Money amount() const { return {terms.minor, terms.currency}; }
    // What the payer is shown when no order of ours says it: whoever owns a code that is scanned
    // names the payee, a till names the goods, and who gives back the reason. The other is empty.
    [[nodiscard]] std::string payee_name() const {
        return terms.kind == PaymentKind::mpm ? terms.subject : std::string{};
    }
    [[nodiscard]] std::string description() const {
        return terms.kind == PaymentKind::mpm ? std::string{} : terms.subject;
    }
    friend bool operator==(const Payment&, const Payment&) = default;
};

}  // namespace huitong::switching
