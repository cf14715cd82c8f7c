#include "engine/codec.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/fields.hpp"

namespace huitong::engine {
namespace fields {

bool Scanner::varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest_.empty()) return fail();
        const auto byte = static_cast<std::uint8_t>(rest_[0]);
        rest_.remove_prefix(1);
        if (shift == 63 && byte > 1) return fail();
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80) return true;
    }
    return fail();
}

bool Scanner::next(RawField& field) {
    if (!good_ || rest_.empty()) return false;
    std::uint64_t tag = 0;
    if (!varint(tag)) return false;
    if (tag >> 3 == 0 || tag >> 3 > 536'870'911) return fail();
    field.number = static_cast<int>(tag >> 3);
    field.type = static_cast<WireType>(tag & 7);
    if (field.type == WireType::varint) return varint(field.plain);
    if (field.type != WireType::bytes) return fail();
    std::uint64_t size = 0;
    if (!varint(size)) return false;
    if (size > rest_.size()) return fail();
    field.bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
}

}  // namespace fields

namespace {

// A payment's entry takes 190 bytes, and is written into memory that no cache holds yet.
constexpr std::size_t entry_bytes_usual = 240;

// The field list of an entry: message huitong.journal.Entry.
struct EntryFields {
    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "accounts_opened", self.ledger.opened);
        v(2, "holds", self.ledger.holds);
        v(3, "postings", self.ledger.postings);
        v(4, "users", self.wallet.users);
        v(5, "funding_sources", self.wallet.sources);
        v(6, "top_ups", self.wallet.top_ups);
        v(7, "merchants", self.acquiring.merchants);
        v(8, "merchant_keys", self.acquiring.merchant_keys);
        v(9, "platform_keys", self.acquiring.platform_keys);
        v(10, "orders", self.acquiring.orders);
        v(11, "refunds", self.acquiring.refunds);
        v(12, "participants", self.switching.participants);
        v(13, "operators", self.switching.operators);
        v(14, "payments", self.switching.payments);
        v(15, "operator_id", self.by);
        v(16, "payer_codes", self.wallet.payer_codes);
        v(17, "participant_keys", self.switching.participant_keys);
        v(18, "positions", self.switching.positions);
        v(19, "code_rules", self.switching.code_rules);
        v(20, "openings", self.switching.openings);
    }
};

struct TotalLine {
    Currency currency;
    std::int64_t debits = 0;
    std::int64_t credits = 0;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "currency", self.currency);
        v(2, "debits", self.debits);
        v(3, "credits", self.credits);
    }
};
struct TotalsFields {
    std::vector<TotalLine> lines;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "lines", self.lines);
    }
};

void json_text(std::string& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

bool printable(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Prints described fields as a JSON object; zero values are left out, as in the bytes.
class JsonPrinter {
public:
    explicit JsonPrinter(std::string& out) : out_(out) {}

    template <class T>
    void operator()(int, const char* name, const T& value) {
        using namespace fields;
        if constexpr (IsOptional<T>) {
            if (value) member(name), object(*value);
        } else if constexpr (IsRepeated<T>) {
            if (!value.empty()) member(name), array(value);
        } else if constexpr (IsDescribed<const T>) {
            member(name), object(value);
        } else if constexpr (IsText<T>) {
            if (!value.empty()) member(name), text(value);
        } else if constexpr (std::same_as<T, Sealed>) {
            if (!value.bytes.empty())
                member(name), json_text(out_, fmt::format("sealed, {} bytes", value.bytes.size()));
        } else if (to_number(value) != 0) {
            member(name), scalar(value);
        }
    }

    template <class T>
    void object(const T& value) {
        out_.push_back('{');
        first_ = true;
        T::describe(*this, value);
        out_.push_back('}');
        first_ = false;
    }

private:
    void member(const char* name) {
        if (!first_) out_.push_back(',');
        first_ = false;
        json_text(out_, name);
        out_.push_back(':');
    }
    void text(std::string_view value) {
        if (printable(value)) {
            json_text(out_, value);
        } else {
            json_text(out_, fmt::format("{} bytes", value.size()));  // digests and keyed hashes
        }
    }
    template <class T>
    void array(const T& values) {
        out_.push_back('[');
        const char* separator = "";
        for (const auto& value : values) {
            out_ += separator;
            separator = ",";
            if constexpr (fields::IsText<typename T::value_type>) {
                text(value);
            } else {
                object(value);
            }
        }
        out_.push_back(']');
        first_ = false;
    }
    template <class T>
    void scalar(const T& value) {
        if constexpr (fields::IsId<T>) {
            json_text(out_, std::to_string(value.value));  // JavaScript's numbers end at 53 bits.
        } else if constexpr (std::same_as<T, Instant>) {
            json_text(out_, to_rfc3339(value));
        } else if constexpr (std::same_as<T, Currency>) {
            json_text(out_, describe(value).code);
        } else if constexpr (std::same_as<T, bool>) {
            out_ += value ? "true" : "false";
        } else if constexpr (std::is_enum_v<T>) {
            out_ += std::to_string(std::to_underlying(value));
        } else {
            out_ += std::to_string(value);
        }
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace

std::string encode(const Entry& entry) {
    std::string out;
    out.reserve(entry_bytes_usual);
    fields::Writer writer(out);
    EntryFields::describe(writer, entry);
    return out;
}

Result<Entry> decode(std::string_view bytes) {
    Entry entry;
    fields::Scanner scanner(bytes);
    fields::RawField field;
    while (scanner.next(field)) {
        fields::Reader reader(field);
        EntryFields::describe(reader, entry);
        if (!reader.good()) return refuse(Error::store_failed);
    }
    if (!scanner.good()) return refuse(Error::store_failed);
    return entry;
}

std::string encode_totals(const std::map<std::uint16_t, ledger::Total>& totals) {
    TotalsFields message;
    for (const auto& [currency, total] : totals)
        message.lines.push_back({{currency}, total.debits, total.credits});
    std::string out;
    fields::Writer writer(out);
    TotalsFields::describe(writer, message);
    return out;
}

Result<std::map<std::uint16_t, ledger::Total>> decode_totals(std::string_view bytes) {
    TotalsFields message;
    if (!fields::read(bytes, message)) return refuse(Error::store_failed);
    std::map<std::uint16_t, ledger::Total> totals;
    for (const TotalLine& line : message.lines)
        totals[line.currency.numeric] = {line.debits, line.credits};
    return totals;
}

std::string to_json(const Entry& entry) {
    std::string out = "{";
    JsonPrinter printer(out);
    EntryFields::describe(printer, entry);
    return out + "}";
}

}  // namespace huitong::engine
