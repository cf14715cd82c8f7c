#include "gateway/iso8583/working_keys.hpp"

#include <fmt/format.h>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using crypto::BlockAlgorithm;

constexpr Duration previous_serves = seconds(60);
constexpr std::string_view new_key_usage = "NK";
constexpr std::string_view no_single_key("\0\0\0\0\0\0\0\0", 8);

crypto::MacAlgorithm mac_algorithm(BlockAlgorithm kind) {
    switch (kind) {
        case BlockAlgorithm::des:
            return crypto::MacAlgorithm::x9_9;
        case BlockAlgorithm::triple_des:
            return crypto::MacAlgorithm::x9_19;
        case BlockAlgorithm::sm4:
            return crypto::MacAlgorithm::sm4_cbc;
    }
    std::unreachable();
}

// Field 53, second digit.
char digit_of(BlockAlgorithm kind) {
    switch (kind) {
        case BlockAlgorithm::des:
            return '0';
        case BlockAlgorithm::triple_des:
            return '6';
        case BlockAlgorithm::sm4:
            return '4';
    }
    std::unreachable();
}

// Field 60.3, the sixth character (section 5). The field may be cut short before it: then the key
// alone tells.
constexpr std::size_t algorithm_at = 4 + 11 + 5;
bool names_another_algorithm(const wire::iso8583::Message& message, const WorkingKey& key) {
    const std::string_view additional_data = message.wire(60);
    if (additional_data.size() <= algorithm_at) return false;
    const bool sm4 = additional_data[algorithm_at] == '4';
    return sm4 != (key.algorithm == crypto::MacAlgorithm::sm4_cbc);
}

// The master key protects with SM4 what is for SM4, else with triple DES, or DES when it is short.
Result<crypto::BlockCipher> master_cipher(const crypto::Secret& master, BlockAlgorithm kind) {
    const bool single = master.size() == key_bytes(BlockAlgorithm::des);
    if (kind == BlockAlgorithm::sm4) return crypto::BlockCipher::make(kind, master);
    return crypto::BlockCipher::make(single ? BlockAlgorithm::des : BlockAlgorithm::triple_des,
                                     master);
}

}  // namespace

std::string field_53_of(BlockAlgorithm kind) {
    return fmt::format("2{}{:014}", digit_of(kind), 0);
}

Result<BlockAlgorithm> kind_of(std::string_view field_53) {
    if (field_53.size() != 16) return refuse(Error::field_format);
    if (field_53[0] != '2') return refuse(Error::not_permitted);
    for (const auto kind : {BlockAlgorithm::des, BlockAlgorithm::triple_des, BlockAlgorithm::sm4}) {
        if (field_53[1] == digit_of(kind)) return kind;
    }
    return refuse(Error::field_format);
}

Result<WorkingKey> WorkingKey::make(BlockAlgorithm kind, const crypto::Secret& key, Instant since) {
    TRY(mac, crypto::BlockMac::make(mac_algorithm(kind), key));
    TRY(cipher, crypto::BlockCipher::make(kind, key));
    return WorkingKey{.algorithm = mac_algorithm(kind),
                      .mac = std::move(mac),
                      .check = crypto::check_value(cipher),
                      .since = since};
}

Result<KeyDelivery> deliver_key(const crypto::Secret& master, BlockAlgorithm kind, Instant now) {
    const crypto::Secret key = crypto::random_secret(crypto::key_bytes(kind));
    TRY(cipher, master_cipher(master, kind));
    TRY(wrapped, crypto::wrap_key(cipher, key));
    TRY(working, WorkingKey::make(kind, key, now));
    Fields fields;
    fields[53] = field_53_of(kind);
    const bool single = kind == BlockAlgorithm::des;
    fields[96] = single ? wrapped : std::string(no_single_key);
    if (!single) fields[48] = std::string(new_key_usage) + wrapped;
    return KeyDelivery{std::move(fields), std::move(working)};
}

Result<WorkingKey> received_key(const crypto::Secret& master, const Fields& fields, Instant now) {
    TRY(kind, kind_of(text_of(fields, 53)));
    std::string_view wrapped = text_of(fields, 96);
    if (kind != BlockAlgorithm::des) {
        const std::string_view private_data = text_of(fields, 48);
        if (!private_data.starts_with(new_key_usage)) return refuse(Error::field_format);
        wrapped = private_data.substr(new_key_usage.size());
    }
    if (wrapped.size() != crypto::key_bytes(kind)) return refuse(Error::field_format);
    TRY(cipher, master_cipher(master, kind));
    TRY(key, crypto::unwrap_key(cipher, wrapped));
    return WorkingKey::make(kind, key, now);
}

void WorkingKeys::activate(Instant now) {
    if (!offered_) return;
    previous_ = std::move(current_);
    previous_until_ = now + previous_serves;
    current_ = std::exchange(offered_, std::nullopt);
    current_->since = now;
}

std::optional<Instant> WorkingKeys::since() const {
    if (!current_) return std::nullopt;
    return current_->since;
}

bool WorkingKeys::verify(const wire::iso8583::Message& message, Instant now) {
    std::string buffer;
    const auto right = [&](std::optional<WorkingKey>& key) {
        return key && !names_another_algorithm(message, *key) &&
               verify_mac(message, key->mac, buffer).has_value();
    };
    if (right(current_)) {
        previous_.reset();
        return true;
    }
    // The other side has taken it: its answer that says so comes over another line.
    if (right(offered_)) {
        activate(now);
        previous_.reset();
        return true;
    }
    return now < previous_until_ && right(previous_);
}

}  // namespace huitong::gateway::iso8583
