// The MAC key of a link and its change (iso8583.md section 11).
//
//     offered -> current -> previous -> gone
//
// A new key is offered while the other side has not yet said that it took it: what comes under it
// is right, what we send is not yet under it. Once current, the one before it is right for 60 s
// more, or until the first right MAC under the new one.
//
// Its owner's lock guards it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/instant.hpp"
#include "gateway/iso8583/fields.hpp"
#include "wire/iso8583/mac.hpp"

namespace huitong::gateway::iso8583 {

// A working key, ready for MACs.
struct WorkingKey {
    crypto::MacAlgorithm algorithm;
    crypto::BlockMac mac;
    std::array<char, crypto::check_value_bytes> check;
    Instant since;

    // des, triple_des or sm4, whose keys have one length each: key_invalid.
    static Result<WorkingKey> make(crypto::BlockAlgorithm kind, const crypto::Secret& key,
                                   Instant since);
    [[nodiscard]] std::string_view check_value() const { return {check.data(), check.size()}; }
};

// Field 53 of messages about a MAC key of this kind; and back: field_format, or not_permitted: it
// names another key than the MAC's.
std::string field_53_of(crypto::BlockAlgorithm kind);
Result<crypto::BlockAlgorithm> kind_of(std::string_view field_53);

// How a new key travels: fields 53, 48 and 96. key_invalid.
struct KeyDelivery {
    Fields fields;
    WorkingKey key;
};
Result<KeyDelivery> deliver_key(const crypto::Secret& master, crypto::BlockAlgorithm kind,
                                Instant now);
// The key of such fields under the member master key. key_invalid, and as kind_of().
Result<WorkingKey> received_key(const crypto::Secret& master, const Fields& fields, Instant now);

class WorkingKeys {
public:
    void offer(WorkingKey key) { offered_ = std::move(key); }
    // The offered key is in force.
    void activate(Instant now);
    void forget() { *this = {}; }

    [[nodiscard]] bool active() const { return current_.has_value(); }
    [[nodiscard]] WorkingKey* current() { return current_ ? &*current_ : nullptr; }
    [[nodiscard]] WorkingKey* offered() { return offered_ ? &*offered_ : nullptr; }
    [[nodiscard]] std::optional<Instant> since() const;
    // Under any key that is right now, if it is one for the algorithm that field 60.3 names.
    bool verify(const wire::iso8583::Message& message, Instant now);

private:
    std::optional<WorkingKey> offered_;
    std::optional<WorkingKey> current_;
    std::optional<WorkingKey> previous_;
    Instant previous_until_;
};

}  // namespace huitong::gateway::iso8583
