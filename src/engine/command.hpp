// What may be asked of the heart, and what it answers.
//
// A command is a plain value. Ids it needs are allotted by the heart just before it is decided; its
// fields name them. An answer is a copy of what was decided: it leaves the heart only when the
// journal holds everything it rests on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "base/hash.hpp"
#include "ledger/account.hpp"
#include "switching/linked.hpp"
#include "switching/registry.hpp"

namespace huitong::engine {

// Queries: answered by the state, without an entry.
struct QueryOrder {
    acquiring::OrderRef order;
};
struct QueryRefund {
    MerchantId merchant;
    std::string out_refund_no;
};
// An order as its payer sees it before paying: order_not_found; paid and closed orders are answered
// too.
struct ResolveOrder {
    wallet::Session session;
    OrderId order;
};
// The same for the payer of another institution, which asks over its link: order_code_unknown.
struct ResolveForLink {
    OrderId order;
};
// A user by the key of the login name, for a log-in: user_not_found.
struct QueryLogin {
    std::string login_key;
};
// The session's own user, accounts included: session_invalid.
struct QueryUser {
    wallet::Session session;
};
// Any user, for the operator: user_not_found.
struct InspectUser {
    UserId user;
};
// An account's balance: account_not_found.
struct QueryAccount {
    AccountId account;
};
// An operator by name: credentials_wrong when unknown.
struct QueryOperator {
    std::string name;
};
// Digest, sequence and totals of the live state, for audits and tests.
struct QueryState {};

using AnyCommand = std::variant<
    // The merchant side.
    acquiring::CreateOrder, acquiring::CloseOrder, acquiring::ExpireOrder, acquiring::CreateRefund,
    switching::ChargeCode, switching::ReverseOrder, QueryOrder, QueryRefund,
    // The payer side.
    switching::PayOrder, switching::QueryPayment, ResolveOrder, wallet::LogIn, wallet::ChangeUser,
    ResolveForLink, wallet::BindFundingSource, wallet::DrawTopUp, wallet::IssuePayerCode,
    switching::PayCode, switching::ConfirmPayment, QueryLogin, QueryUser,
    // Other institutions.
    switching::RequestPayment, switching::AnswerPayment, switching::CommitPayment,
    switching::ReversePayment, switching::ExpirePayment, switching::AcknowledgePayment,
    switching::QueryRequest,
    // The operator.
    switching::RegisterParticipant, switching::ChangeParticipant, switching::AddParticipantKey,
    switching::RevokeParticipantKey, switching::SetPosition, switching::SetCodeRule,
    switching::SetOpening, switching::OpenOperator, switching::OperatorLogIn,
    acquiring::RegisterMerchant, acquiring::ChangeMerchant, acquiring::AddMerchantKey,
    acquiring::RevokeMerchantKey, acquiring::AddPlatformKey, wallet::OpenUser,
    wallet::SetUserStatus, InspectUser, QueryAccount, QueryOperator, QueryState>;
// One of them. A class, so that what copies, moves and ends each kind is compiled once
// (command.cpp) and not wherever somebody asks.
struct Command : AnyCommand {
    using AnyCommand::AnyCommand;
    Command();
    Command(const Command& other);
    Command(Command&& other) noexcept;
    Command& operator=(const Command& other);
    Command& operator=(Command&& other) noexcept;
    ~Command();
};

// How the payment of a till's order stands.
struct Charge {
    PaymentId payment;
    switching::PaymentStatus status{};
    Error decline = Error::count_;  // why it came to nothing, if it did
};
// An order with what a reader of it needs beside it.
struct OrderAnswer {
    acquiring::Order order;
    std::string merchant_name;
    std::optional<Charge> charge = {};  // of a till's order
};
// A refund with the order it gives back on.
struct RefundAnswer {
    acquiring::Refund refund;
    acquiring::Order order;
};
struct UserAnswer {
    wallet::User user;
    ledger::Account account;
};
struct StateAnswer {
    Sequence last;
    Hash128 digest;
    std::map<std::uint16_t, ledger::Total> totals;
    std::size_t accounts = 0;
    std::size_t orders_in_memory = 0;
    std::size_t payments_in_memory = 0;
};

using AnyAnswer =
    std::variant<std::monostate, ledger::Account, OrderAnswer, RefundAnswer,
                 switching::PaymentAnswer, UserAnswer, wallet::LogInAnswer, wallet::FundingSource,
                 wallet::TopUpAnswer, wallet::PayerCode, switching::Payment, switching::Participant,
                 switching::ParticipantKey, switching::Position, switching::CodeRule,
                 switching::Opening, switching::Operator, switching::OperatorLogInAnswer,
                 acquiring::Merchant, acquiring::MerchantKey, acquiring::PlatformKey, StateAnswer>;
// One of them; a class for the reason Command is one.
struct Answer : AnyAnswer {
    using AnyAnswer::AnyAnswer;
    Answer();
    Answer(const Answer& other);
    Answer(Answer&& other) noexcept;
    Answer& operator=(const Answer& other);
    Answer& operator=(Answer&& other) noexcept;
    ~Answer();
};

// What decisions are judged by. Versioned configuration, with defaults.
struct Rules {
    ledger::Limits ledger;
    wallet::Rules wallet;
    acquiring::Rules acquiring;
    switching::Rules switching;
};

}  // namespace huitong::engine
