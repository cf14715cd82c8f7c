#include "gateway/notices/letter.hpp"

#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "wire/json/text.hpp"
#include "wire/wechatpay/error_body.hpp"

namespace huitong::gateway::notices {
namespace {

using engine::Notice;
using engine::NoticeKind;
using wire::wechatpay::NoticeEvent;

constexpr std::string_view id_prefix = "EV-";
constexpr std::size_t day_digits = 8;
constexpr std::size_t record_digits = 19;

NoticeEvent event_of(NoticeKind kind) {
    switch (kind) {
        case NoticeKind::transaction_success:
            return NoticeEvent::transaction_success;
        case NoticeKind::refund_success:
            return NoticeEvent::refund_success;
        case NoticeKind::refund_abnormal:
            return NoticeEvent::refund_abnormal;
        case NoticeKind::refund_closed:
            return NoticeEvent::refund_closed;
    }
    std::unreachable();
}

struct Content {
    std::string url;
    std::string plaintext;
};

std::string refund_url(const acquiring::Refund& refund, const acquiring::Order& order,
                       const acquiring::Merchant& merchant) {
    if (!refund.terms.notify_url.empty()) return refund.terms.notify_url;
    if (!merchant.state.notify_url.empty()) return merchant.state.notify_url;
    return order.terms.notify_url;
}

Result<Content> content_of(const Notice& notice, const acquiring::Merchant& merchant,
                           const LetterParts& parts) {
    TRY(order, fetch_order(parts.fetch, notice.order));
    const std::string& mchid = merchant.terms.mchid;
    if (notice.key.kind == NoticeKind::transaction_success)
        return Content{order.terms.notify_url,
                       door::paid_transaction_json(order, mchid, parts.openids)};
    TRY(refund, fetch_refund(parts.fetch, RefundId{notice.key.record}));
    return Content{refund_url(refund, order, merchant),
                   door::refund_notice_json(refund, order, mchid, event_of(notice.key.kind))};
}

}  // namespace

std::string notice_id(const Notice& notice) {
    return fmt::format("{}{}{}{:0{}}", id_prefix,
                       to_compact(notice.created_at).substr(0, day_digits),
                       std::to_underlying(notice.key.kind), notice.key.record, record_digits);
}

std::optional<engine::NoticeKey> notice_key(std::string_view id) {
    if (id.size() != id_prefix.size() + day_digits + 1 + record_digits) return std::nullopt;
    if (!id.starts_with(id_prefix)) return std::nullopt;
    const std::string_view digits = id.substr(id_prefix.size());
    if (!wire::json::decimal_digits.holds_all(digits)) return std::nullopt;
    const int kind = digits[day_digits] - '0';
    if (kind > std::to_underlying(NoticeKind::refund_closed)) return std::nullopt;
    std::uint64_t record = 0;
    const std::string_view number = digits.substr(day_digits + 1);
    std::from_chars(number.data(), number.data() + number.size(), record);  // 19 digits always fit.
    return engine::NoticeKey{.kind = static_cast<NoticeKind>(kind), .record = record};
}

Result<std::string> notify_url(const Notice& notice, const Fetch& fetch,
                               const engine::Directory& directory) {
    TRY(order, fetch_order(fetch, notice.order));
    if (notice.key.kind == NoticeKind::transaction_success) return order.terms.notify_url;
    const auto* merchant = directory.merchants.find(notice.merchant);
    if (merchant == nullptr) return refuse(Error::merchant_not_found);
    TRY(refund, fetch_refund(fetch, RefundId{notice.key.record}));
    return refund_url(refund, order, *merchant);
}

Result<Letter> compose(const Notice& notice, const LetterParts& parts, Instant now) {
    const auto* merchant = parts.directory.merchants.find(notice.merchant);
    if (merchant == nullptr) return refuse(Error::merchant_not_found);
    TRY(content, content_of(notice, *merchant, parts));
    if (content.url.empty()) return refuse(Error::notice_address_missing);
    TRY(apiv3_key, parts.keys.apiv3_key(*merchant));
    const auto choice = door::choose_platform_key(parts.directory.platform_keys,
                                                  {.requested = {},
                                                   .mode = merchant->state.key_mode,
                                                   .family = merchant->state.key_family,
                                                   .now = now});
    if (!choice) return refuse(Error::store_stopped);
    TRY(signing_key, parts.keys.platform_key(*choice->key));
    return Letter{.id = notice_id(notice),
                  .url = std::move(content.url),
                  .event = event_of(notice.key.kind),
                  .create_time = notice.created_at,
                  .plaintext = std::move(content.plaintext),
                  .apiv3_key = std::move(apiv3_key),
                  .signing_key = std::move(signing_key),
                  .signing_key_name = choice->name};
}

Result<SealedLetter> seal(const Letter& letter, Instant now) {
    const auto& event = wire::wechatpay::describe(letter.event);
    const std::string nonce = crypto::random_alnum(crypto::gcm_iv_bytes);
    const crypto::KeyAlgorithm family = letter.signing_key.algorithm();
    TRY(ciphertext, door::seal_resource(family, *letter.apiv3_key,
                                        {.iv = nonce, .associated_data = event.original_type},
                                        letter.plaintext));
    const std::string base64 = crypto::to_base64(ciphertext);
    SealedLetter sealed;
    sealed.body = wire::wechatpay::to_json({.id = letter.id,
                                            .create_time = letter.create_time,
                                            .event = letter.event,
                                            .nonce = nonce,
                                            .ciphertext_base64 = base64,
                                            .algorithm = family});
    sealed.headers =
        door::signature_headers(sealed.body, letter.signing_key, letter.signing_key_name, now);
    sealed.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    wire::wechatpay::RequestEntropy entropy{};
    crypto::fill_random(entropy);
    sealed.headers.emplace_back("Request-ID", wire::wechatpay::request_id(entropy));
    return sealed;
}

}  // namespace huitong::gateway::notices
