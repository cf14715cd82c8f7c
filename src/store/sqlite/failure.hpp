// Why the store last failed, in words, for logs and for the operator's screen.
//
// A Result carries one enumerator; the disk, SQLite and the system have more to say ("database or
// disk is full", a path, the process that holds a lock). Like errno the text belongs to the thread
// and lasts until its next failure. It holds paths and numbers, never the data of a record.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::store::sqlite {

// Remembers the text and refuses with the error.
[[nodiscard]] std::unexpected<Error> fail(Error error, std::string text);
// The same, with what the system says of an errno.
[[nodiscard]] std::unexpected<Error> fail_errno(Error error, std::string_view what, int number);

// The text of this thread's last failure; empty if there was none.
[[nodiscard]] const std::string& last_failure();
void note_failure(std::string text);

}  // namespace huitong::store::sqlite
