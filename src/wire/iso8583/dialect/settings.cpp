#include "base/result.hpp"
#include "wire/iso8583/dialect/statements.hpp"

namespace huitong::wire::iso8583 {
namespace {

Read<bool> is_packed(std::string_view word) {
    constexpr Named<bool> forms[] = {
        {"plain",  false},
        {"packed", true }
    };
    return one_of(forms, word);
}

}  // namespace

Read<void> set_name(Draft& draft, Words words) {
    if (words[0].size() > word_bytes_shown) return because("the name is too long");
    draft.dialect.name = words[0];
    return no_more(words, 1);
}

Read<void> set_framing(Draft& draft, Words words) {
    constexpr Named<Framing> framings[] = {
        {"none",    Framing::none   },
        {"ascii4",  Framing::ascii4 },
        {"binary2", Framing::binary2}
    };
    TRY(framing, one_of(framings, words[0]));
    draft.dialect.framing = framing;
    const std::size_t most = framing == Framing::ascii4 ? 9999 : frame_bytes_max;
    draft.dialect.frame_limit = most;
    if (words.size() > 1) {
        TRY(limit, number(words[1], 1, most));
        draft.dialect.frame_limit = limit;
    }
    return no_more(words, 2);
}

Read<void> set_header(Draft& draft, Words words) {
    constexpr Named<HeaderKind> headers[] = {
        {"none",     HeaderKind::none    },
        {"network",  HeaderKind::network },
        {"terminal", HeaderKind::terminal}
    };
    TRY(header, one_of(headers, words[0]));
    draft.dialect.header = header;
    draft.dialect.header_only = words.size() > 1 && words[1] == "alone";
    return no_more(words, draft.dialect.header_only ? 2 : 1);
}

Read<void> set_mti(Draft& draft, Words words) {
    TRY(packed, is_packed(words[0]));
    draft.dialect.mti_packed = packed;
    return no_more(words, 1);
}

Read<void> set_lengths(Draft& draft, Words words) {
    TRY(packed, is_packed(words[0]));
    draft.dialect.lengths_packed = packed;
    return no_more(words, 1);
}

Read<void> set_bitmap(Draft& draft, Words words) {
    constexpr Named<bool> forms[] = {
        {"raw", false},
        {"hex", true }
    };
    TRY(hex, one_of(forms, words[0]));
    draft.dialect.bitmap_hex = hex;
    draft.dialect.second_bitmap = !(words.size() > 1 && words[1] == "first-only");
    return no_more(words, draft.dialect.second_bitmap ? 1 : 2);
}

Read<void> set_texts(Draft& draft, Words words) {
    constexpr Named<bool> forms[] = {
        {"ascii", false},
        {"gbk",   true }
    };
    TRY(gbk, one_of(forms, words[0]));
    draft.dialect.gbk = gbk;
    return no_more(words, 1);
}

Read<void> set_separator(Draft& draft, Words words) {
    constexpr Named<char> forms[] = {
        {"=", '='},
        {"D", 'D'}
    };
    TRY(separator, one_of(forms, words[0]));
    draft.dialect.separator = separator;
    return no_more(words, 1);
}

Read<void> set_mac(Draft& draft, Words words) {
    constexpr Named<MacKind> forms[] = {
        {"none",   MacKind::none  },
        {"fields", MacKind::fields},
        {"whole",  MacKind::whole }
    };
    TRY(mac, one_of(forms, words[0]));
    draft.dialect.mac = mac;
    return no_more(words, 1);
}

Read<void> add_mac_rule(Draft& draft, Words words) {
    MacRule rule;
    TRY(classes, classes_of(words[0]));
    rule.classes = classes;
    for (const std::string_view word : words.subspan(1)) {
        if (word == "raw") {
            rule.raw = true;
            continue;
        }
        const std::size_t slash = word.find('/');
        TRY(field, number(word.substr(0, slash), 2, field_max));
        if (!rule.fields.empty() && field <= rule.fields.back().field)
            return because("the fields are not in ascending order");
        rule.fields.push_back({.field = static_cast<std::uint8_t>(field)});
        if (slash == std::string_view::npos) continue;
        TRY(bytes, number(word.substr(slash + 1), 1, units_max));
        rule.fields.back().bytes_max = bytes;
    }
    draft.dialect.mac_rules.push_back(std::move(rule));
    return {};
}

}  // namespace huitong::wire::iso8583
