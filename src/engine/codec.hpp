// The journal's codec: entries and their records to and from Protocol Buffers bytes
// (journal.proto), driven by the field lists of the records themselves (base/record.hpp). Fields at
// their zero value are not written, as proto3 says; fields that this program does not know are an
// error, because a newer format stops the start (design section 1).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/state.hpp"

namespace huitong::engine {

// The format of the entries this program writes, and the newest it reads.
inline constexpr std::uint32_t journal_format = 1;

std::string encode(const Entry& entry);
// Refuses with store_failed what is not an entry of a known format.
Result<Entry> decode(std::string_view bytes);

// What has been posted by currency: message huitong.journal.Totals.
std::string encode_totals(const std::map<std::uint16_t, ledger::Total>& totals);
Result<std::map<std::uint16_t, ledger::Total>> decode_totals(std::string_view bytes);

// The entry as JSON, for people and scripts: field names of journal.proto, ids as decimal strings,
// sealed values as their length only.
std::string to_json(const Entry& entry);

}  // namespace huitong::engine
