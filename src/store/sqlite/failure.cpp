#include "store/sqlite/failure.hpp"

#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace huitong::store::sqlite {
namespace {

std::string& text_of_this_thread() {
    thread_local std::string text;
    return text;
}

}  // namespace

void note_failure(std::string text) {
    text_of_this_thread() = std::move(text);
}

std::unexpected<Error> fail(Error error, std::string text) {
    note_failure(std::move(text));
    return refuse(error);
}

std::unexpected<Error> fail_errno(Error error, std::string_view what, int number) {
    return fail(error, fmt::format("{}: {}", what, std::generic_category().message(number)));
}

const std::string& last_failure() {
    return text_of_this_thread();
}

}  // namespace huitong::store::sqlite
