// Notices to merchants: the envelope, the plaintext of refund events, and when to try again
// (wechatpay-v3 section 9). Encrypting and signing are the courier's. The plaintext of
// TRANSACTION.SUCCESS is the transaction object (transaction.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "crypto/key.hpp"

namespace huitong::wire::wechatpay {

enum class NoticeEvent : std::uint8_t {
    transaction_success,
    refund_success,
    refund_abnormal,
    refund_closed,
};

struct NoticeEventRow {
    NoticeEvent event;
    std::string_view event_type;     // TRANSACTION.SUCCESS, ..
    std::string_view original_type;  // transaction or refund; also the associated data
    std::string_view summary;        // short Chinese text
};
const NoticeEventRow& describe(NoticeEvent event);

struct NoticeEnvelope {
    std::string_view id;  // the same on every retry
    Instant create_time;
    NoticeEvent event = NoticeEvent::transaction_success;
    std::string_view nonce;              // 12 characters
    std::string_view ciphertext_base64;  // sealed with the event's original_type as associated data
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa;  // its family seals
};
std::string to_json(const NoticeEnvelope& envelope);

struct RefundNotice {
    std::string_view mchid;
    std::string_view out_trade_no;
    std::string_view transaction_id;
    std::string_view out_refund_no;
    std::string_view refund_id;
    std::string_view refund_status;            // SUCCESS, ABNORMAL, CLOSED
    std::optional<Instant> success_time = {};  // only of a successful refund
    std::string_view user_received_account;
    std::int64_t total = 0;
    std::int64_t refund = 0;
    std::int64_t payer_total = 0;
    std::int64_t payer_refund = 0;
};
std::string to_json(const RefundNotice& notice);

// A receiver says yes with 200 or 204, within this time.
inline constexpr Duration notice_reply_timeout = seconds(5);
constexpr bool notice_accepted(unsigned http_status) {
    return http_status == 200 || http_status == 204;
}

// How long after each failed try the next one is made: 15 retries in 24 h 4 min.
std::span<const Duration> notice_retry_delays();

}  // namespace huitong::wire::wechatpay
