// One notice, ready to be sealed, signed and sent (wechatpay-v3 9.1).
//
// In two steps because they belong on two threads: compose() looks things up, seal() costs a
// signature and touches nothing shared.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/heart.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/door/key_ring.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/notices/rows.hpp"
#include "wire/wechatpay/notice.hpp"

namespace huitong::gateway::notices {

// "EV-", the day of the event in Beijing, the kind, the record: the same on every attempt.
std::string notice_id(const engine::Notice& notice);
// The notice that an id names; nothing when it is no such id. The day in it is not looked at.
std::optional<engine::NoticeKey> notice_key(std::string_view id);

// Where the merchant is told: at the order's URL, of a refund at its own, else at the merchant's,
// else at the order's. Refuses with order_not_found, refund_not_found, merchant_not_found,
// store_failed.
Result<std::string> notify_url(const engine::Notice& notice, const Fetch& fetch,
                               const engine::Directory& directory);

struct Letter {
    std::string id;
    std::string url;
    wire::wechatpay::NoticeEvent event{};
    Instant create_time;
    std::string plaintext;
    door::KeyRing::SharedSecret apiv3_key;
    crypto::PrivateKey signing_key;  // its family seals, too
    std::string signing_key_name;
};

struct LetterParts {
    const Fetch& fetch;
    const engine::Directory& directory;
    const door::Openids& openids;
    door::KeyRing& keys;
};

// Refuses with order_not_found, refund_not_found, merchant_not_found, merchant_key_missing,
// key_invalid, decryption_failed (the merchant's keys do not open), store_stopped (the platform has
// no key in force), store_failed.
Result<Letter> compose(const engine::Notice& notice, const LetterParts& parts, Instant now);

struct SealedLetter {
    door::HeaderList headers;
    std::string body;
};
// A fresh GCM nonce, timestamp and signature at each call. Refuses with key_invalid.
Result<SealedLetter> seal(const Letter& letter, Instant now);

}  // namespace huitong::gateway::notices
