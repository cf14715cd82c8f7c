// Protocol Buffers wire format, written and read through the field lists of records: the two
// visitors behind codec.hpp.
//
// Mapping: ids, unsigned numbers, enums, bools, Currency -> varint; int64 -> zigzag varint
// (sint64); Instant -> varint of its ms (uint64); string and Sealed -> bytes/string; nested records
// -> message; containers -> repeated.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"
#include "engine/state.hpp"

namespace huitong::engine::fields {

// Visitors look at types through these.
template <class T>
concept IsId = requires(T t) {
    { t.value } -> std::convertible_to<std::uint64_t>;
    t.shard();
};
struct NullVisitor {
    template <class T>
    void operator()(int, const char*, T&&) {}
};
template <class T>
concept IsDescribed = requires(NullVisitor v, T& t) { std::remove_cvref_t<T>::describe(v, t); };
template <class T>
concept IsText = std::same_as<T, std::string>;
template <class T>
concept IsOptional = requires(T t) {
    t.has_value();
    t.reset();
};
template <class T>
concept IsRepeated = requires(T t) {
    t.begin();
    t.push_back(*t.begin());
} && !IsText<T>;

// The end of the year 9999: no later time can be printed or is ever meant.
inline constexpr std::uint64_t instant_ms_max = 253'402'300'799'999;

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

inline void put_varint(std::string& out, std::uint64_t value) {
    if (value < 0x80) return out.push_back(static_cast<char>(value));
    std::array<char, 10> bytes;  // 64 bits, 7 in each
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
    bytes[size++] = static_cast<char>(value);
    out.append(bytes.data(), size);
}
inline void put_tag(std::string& out, int number, WireType type) {
    put_varint(out, static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint64_t>(type));
}
constexpr std::uint64_t zigzag(std::int64_t value) {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// The last enumerator of each enumeration that records keep; all begin at 0 without a gap. A number
// beyond it is what no program of this format wrote.
template <class E>
constexpr E last_enumerator;
template <>
inline constexpr auto last_enumerator<acquiring::TradeType> = acquiring::TradeType::micropay;
template <>
inline constexpr auto last_enumerator<acquiring::OrderStatus> = acquiring::OrderStatus::closed;
template <>
inline constexpr auto last_enumerator<acquiring::RefundStatus> = acquiring::RefundStatus::abnormal;
template <>
inline constexpr auto last_enumerator<acquiring::RefundFunds> = acquiring::RefundFunds::available;
template <>
inline constexpr auto last_enumerator<acquiring::MerchantStatus> =
    acquiring::MerchantStatus::frozen;
template <>
inline constexpr auto last_enumerator<acquiring::KeyMode> = acquiring::KeyMode::certificate;
template <>
inline constexpr auto last_enumerator<acquiring::KeyFamily> = acquiring::KeyFamily::sm2;
template <>
inline constexpr auto last_enumerator<switching::PaymentStatus> =
    switching::PaymentStatus::confirming;
template <>
inline constexpr auto last_enumerator<switching::PaymentKind> = switching::PaymentKind::refund;
template <>
inline constexpr auto last_enumerator<switching::Protocol> = switching::Protocol::iso8583;
template <>
inline constexpr auto last_enumerator<switching::ParticipantStatus> =
    switching::ParticipantStatus::suspended;
template <>
inline constexpr auto last_enumerator<switching::CodeForm> = switching::CodeForm::digits;
template <>
inline constexpr auto last_enumerator<switching::CodeKind> = switching::CodeKind::payer_code;
template <>
inline constexpr auto last_enumerator<wallet::TopUpStatus> = wallet::TopUpStatus::declined;
template <>
inline constexpr auto last_enumerator<wallet::UserStatus> = wallet::UserStatus::frozen;

template <class E>
constexpr bool is_known(E value) {
    return value <= last_enumerator<E>;
}
constexpr bool is_known(ledger::AccountKind kind) {
    switch (kind) {
        case ledger::AccountKind::inbound_funds:
        case ledger::AccountKind::wallet:
        case ledger::AccountKind::merchant_unsettled:
        case ledger::AccountKind::merchant_available:
        case ledger::AccountKind::merchant_frozen:
        case ledger::AccountKind::position:
        case ledger::AccountKind::refunds_in_transit:
            return true;
    }
    return false;
}

// Every scalar as the number it is written as; the inverse sets it and says whether the number
// fits.
template <class T>
std::uint64_t to_number(const T& value) {
    if constexpr (IsId<T>) {
        return value.value;
    } else if constexpr (std::same_as<T, Instant>) {
        return static_cast<std::uint64_t>(value.ms);
    } else if constexpr (std::same_as<T, Currency>) {
        return value.numeric;
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<std::uint64_t>(std::to_underlying(value));
    } else if constexpr (std::same_as<T, std::int64_t>) {
        return zigzag(value);
    } else {
        static_assert(std::unsigned_integral<T>);
        return value;
    }
}
template <class T>
bool from_number(T& value, std::uint64_t number) {
    if constexpr (IsId<T>) {
        value.value = number;
    } else if constexpr (std::same_as<T, Instant>) {
        if (number > instant_ms_max) return false;
        value.ms = static_cast<std::int64_t>(number);
    } else if constexpr (std::same_as<T, Currency>) {
        if (number > UINT16_MAX || !currency_of(static_cast<std::uint16_t>(number))) return false;
        value.numeric = static_cast<std::uint16_t>(number);
    } else if constexpr (std::is_enum_v<T>) {
        if (number > std::numeric_limits<std::underlying_type_t<T>>::max()) return false;
        value = static_cast<T>(number);
        if (!is_known(value)) return false;
    } else if constexpr (std::same_as<T, std::int64_t>) {
        value = unzigzag(number);
    } else {
        if (number > std::numeric_limits<T>::max()) return false;
        value = static_cast<T>(number);
    }
    return true;
}

// Writes the described fields of a record.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    template <class T>
    void operator()(int number, const char*, const T& value) {
        if constexpr (IsOptional<T>) {
            if (value) message(number, *value);
        } else if constexpr (IsRepeated<T>) {
            for (const auto& item : value) element(number, item);
        } else if constexpr (IsDescribed<const T>) {
            message(number, value);
        } else if constexpr (IsText<T>) {
            if (!value.empty()) text(number, value);
        } else if constexpr (std::same_as<T, Sealed>) {
            if (!value.bytes.empty()) text(number, value.bytes);
        } else if (const std::uint64_t plain = to_number(value); plain != 0) {
            put_tag(out_, number, WireType::varint);
            put_varint(out_, plain);
        }
    }

private:
    template <class T>
    void element(int number, const T& item) {
        if constexpr (IsText<T>) {
            text(number, item);
        } else {
            message(number, item);
        }
    }
    void text(int number, std::string_view value) {
        put_tag(out_, number, WireType::bytes);
        put_varint(out_, value.size());
        out_.append(value);
    }
    // Nested messages are short, so the length takes one byte; a longer one moves its body by the
    // bytes it lacks.
    template <class T>
    void message(int number, const T& value) {
        put_tag(out_, number, WireType::bytes);
        const std::size_t at = out_.size();
        out_.push_back('\0');
        T::describe(*this, value);
        const std::size_t size = out_.size() - at - 1;
        if (size < 0x80) {
            out_[at] = static_cast<char>(size);
            return;
        }
        std::string length;
        put_varint(length, size);
        out_.replace(at, 1, length);
    }

    std::string& out_;
};

// One field as it lies in the bytes.
struct RawField {
    int number = 0;
    WireType type = WireType::varint;
    std::uint64_t plain = 0;
    std::string_view bytes;
};

// Takes fields off a message one by one. `good` turns false at the first byte that is not Protocol
// Buffers.
class Scanner {
public:
    explicit Scanner(std::string_view bytes) : rest_(bytes) {}
    bool next(RawField& field);
    [[nodiscard]] bool good() const { return good_; }

private:
    bool varint(std::uint64_t& value);
    bool fail() { return good_ = false; }

    std::string_view rest_;
    bool good_ = true;
};

// Sets one described field of a record from a raw one.
class Reader {
public:
    explicit Reader(const RawField& field) : field_(field) {}

    template <class T>
    void operator()(int number, const char*, T& value) {
        if (number != field_.number) return;
        known_ = true;
        if constexpr (IsOptional<T>) {
            good_ = nested(value.emplace());
        } else if constexpr (IsRepeated<T>) {
            good_ = element(value);
        } else if constexpr (IsDescribed<T>) {
            good_ = nested(value);
        } else if constexpr (IsText<T>) {
            good_ = field_.type == WireType::bytes;
            value = field_.bytes;
        } else if constexpr (std::same_as<T, Sealed>) {
            good_ = field_.type == WireType::bytes;
            value.bytes = field_.bytes;
        } else {
            good_ = field_.type == WireType::varint && from_number(value, field_.plain);
        }
    }
    [[nodiscard]] bool good() const { return known_ && good_; }

private:
    template <class T>
    bool nested(T& value) const;
    template <class T>
    bool element(T& values) const {
        typename T::value_type item{};
        if (field_.type != WireType::bytes) return false;
        if constexpr (IsText<typename T::value_type>) {
            item = field_.bytes;
        } else {
            if (!nested(item)) return false;
        }
        values.push_back(std::move(item));
        return true;
    }

    const RawField& field_;
    bool known_ = false;
    bool good_ = false;
};

// Reads a whole message into a record whose fields are at their zero values.
template <class T>
bool read(std::string_view bytes, T& record) {
    Scanner scanner(bytes);
    RawField field;
    while (scanner.next(field)) {
        Reader reader(field);
        T::describe(reader, record);
        if (!reader.good()) return false;
    }
    return scanner.good();
}

template <class T>
bool Reader::nested(T& value) const {
    return field_.type == WireType::bytes && read(field_.bytes, value);
}

}  // namespace huitong::engine::fields
