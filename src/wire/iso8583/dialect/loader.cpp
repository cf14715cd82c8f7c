// Compiles a dialect's text. A line is a statement: a word that says what it is about, then its
// arguments. Statements about the whole come before the first field, so that nothing read is wrong
// again later. The format is docs/formats/iso8583-dialect.md.
#include <algorithm>
#include <fmt/format.h>

#include "base/result.hpp"
#include "wire/iso8583/dialect/statements.hpp"

namespace huitong::wire::iso8583 {
namespace {

constexpr std::size_t text_bytes_max = 65'536;

struct Statement {
    std::string_view word;
    Read<void> (*run)(Draft&, Words);
    bool of_field;  // its first argument is a field's number
    std::size_t words_min;
};
constexpr Statement statements[] = {
    {"dialect",    set_name,      false, 1},
    {"framing",    set_framing,   false, 1},
    {"header",     set_header,    false, 1},
    {"mti",        set_mti,       false, 1},
    {"bitmap",     set_bitmap,    false, 1},
    {"lengths",    set_lengths,   false, 1},
    {"texts",      set_texts,     false, 1},
    {"separator",  set_separator, false, 1},
    {"mac",        set_mac,       false, 1},
    {"mac-fields", add_mac_rule,  false, 2},
    {"field",      add_field,     true,  2},
    {"inner",      add_inner,     true,  1},
    {"part",       add_parts,     true,  1},
    {"usage",      add_usage,     true,  2},
    {"tag",        add_tag,       true,  2},
};

Read<void> read_line(Draft& draft, Words words) {
    const auto* const statement = std::ranges::find(statements, words[0], &Statement::word);
    if (statement == std::end(statements)) return because(quoted(words[0]) + " is no statement");
    words = words.subspan(1);
    if (statement->of_field) {
        TRY(field, number(words.empty() ? "" : words[0], 2, field_max));
        draft.field = static_cast<std::uint8_t>(field);
        words = words.subspan(1);
    } else if (draft.fields_begun) {
        return because(fmt::format("'{}' must stand before the first field", statement->word));
    }
    if (words.size() < statement->words_min)
        return because(fmt::format("'{}' wants more words", statement->word));
    return statement->run(draft, words);
}

Read<void> read_lines(Draft& draft, std::string_view text) {
    if (text.size() > text_bytes_max) return because("the text is longer than 64 KiB");
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++draft.line;
        draft.field = 0;
        if (const auto words = words_of(line); !words.empty()) CHECK(read_line(draft, words));
    }
    return {};
}

Read<void> finish(Draft& draft) {
    draft.line = draft.field = 0;
    const Dialect& dialect = draft.dialect;
    if (dialect.name.empty()) return because("no 'dialect' names it");
    if (!draft.fields_begun && !dialect.header_only) return because("no field is defined");
    if (dialect.header_only && dialect.framing != Framing::none)
        return because("a header alone has no framing");
    return {};
}

}  // namespace

std::expected<Dialect, DialectDefect> load_dialect(std::string_view text) {
    Draft draft;
    auto done = read_lines(draft, text);
    if (done) done = finish(draft);
    if (done) return std::move(draft.dialect);
    return std::unexpected(
        DialectDefect{.line = draft.line, .field = draft.field, .reason = std::move(done.error())});
}

}  // namespace huitong::wire::iso8583
