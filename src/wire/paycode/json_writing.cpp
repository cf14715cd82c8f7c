#include <utility>

#include "crypto/bytes.hpp"
#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/karekod.hpp"
#include "wire/emvqr/schemes.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/writer.hpp"
#include "wire/paycode/json_form.hpp"
#include "wire/paycode/recognise.hpp"

namespace huitong::wire::paycode {
namespace {

using emvqr::Decoded;
using emvqr::Defect;
using emvqr::DefectCode;

// The members of every answer.
void write_defect(json::Writer& json, const Defect& defect) {
    json.boolean("valid", false);
    json.text("error", to_text(defect.code));
    json.text("at", defect.at);
    json.text("issue", explain(defect.code));
}

// The objects of a list as nested objects, closing each template when the next lies less deep.
void write_tags(json::Writer& json, const emvqr::Objects& objects) {
    json.begin_object("tags");
    std::size_t depth = 0;
    for (const emvqr::Object& object : objects.all()) {
        for (; depth > object.depth; --depth) json.end_object();
        if (object.is_template) {
            json.begin_object(emvqr::place(object.tag));
            ++depth;
        } else {
            json.text(emvqr::place(object.tag), objects.value(object));
        }
    }
    for (; depth > 0; --depth) json.end_object();
    json.end_object();
}

void write_accounts(json::Writer& json, const emvqr::Objects& objects) {
    json.begin_array("accounts");
    for (const emvqr::Account& account : accounts_of(objects)) {
        if (account.scheme == nullptr) continue;
        json.begin_object();
        json.text("tag", emvqr::place(account.tag));
        json.text("scheme", account.scheme->name);
        for (const emvqr::SubTag& sub_tag : account.scheme->sub_tags) {
            const emvqr::Object* object = objects.find(*account.object, sub_tag.tag);
            if (object != nullptr && !object->is_template)
                json.text(sub_tag.name, objects.value(*object));
        }
        json.end_object();
    }
    json.end_array();
}

void write(json::Writer& json, const emvqr::MerchantCode& code) {
    json.boolean("valid", true);
    if (const auto& strict = code.strict_defect()) {
        json.boolean("relaxed", true);
        json.text("strict_error", to_text(*strict));
    }
    json.text("method", to_text(code.method()));
    json.begin_array("schemes");
    for (const std::string_view name : scheme_names(code.objects())) json.text(name);
    json.end_array();
    write_accounts(json, code.objects());
    write_tags(json, code.objects());
}

void write(json::Writer& json, const emvqr::Karekod& code) {
    json.boolean("valid", true);
    write_tags(json, code.objects());
}

void write(json::Writer& json, const emvqr::ConsumerCode& code) {
    json.boolean("valid", true);
    json.begin_array("data_objects");
    std::size_t depth = 0;
    const auto close = [&json, &depth](std::size_t to) {
        for (; depth > to; --depth) {
            json.end_array();
            json.end_object();
        }
    };
    for (const emvqr::DataObject& object : code.objects().all()) {
        close(object.depth);
        json.begin_object();
        json.text("tag", emvqr::data_tag_text(object.tag));
        if (object.is_template) {
            json.begin_array("children");
            ++depth;
        } else {
            json.text("value", crypto::to_hex_upper(code.objects().value(object)));
            json.end_object();
        }
    }
    close(0);
    json.end_array();
}

template <class Code>
bool write_decoded(json::Writer& json, std::string_view mode, const Decoded<Code>& code) {
    json.text("mode", mode);
    if (code) {
        write(json, *code);
    } else {
        write_defect(json, code.error());
    }
    return code.has_value();
}

// What an unknown text was probably meant to be, so that its defect can be told.
ReadAs resembled(std::string_view text) {
    const std::string_view start = text.substr(0, 2);
    if (start.size() == 2 && json::decimal_digits.holds_all(start))
        return ReadAs::merchant_presented;
    return text.find("://") == std::string_view::npos ? ReadAs::consumer_presented : ReadAs::any;
}

ReadAs as_recognised(CodeKind kind, std::string_view text) {
    switch (kind) {
        case CodeKind::merchant_presented:
            return ReadAs::merchant_presented;
        case CodeKind::consumer_presented:
            return ReadAs::consumer_presented;
        case CodeKind::karekod:
            return ReadAs::karekod;
        case CodeKind::unknown:
            return resembled(text);
        case CodeKind::wechat_payment_code:
        case CodeKind::alipay_payment_code:
        case CodeKind::unionpay_payment_code:
        case CodeKind::bestpay_payment_code:
        case CodeKind::china_mobile_payment_code:
        case CodeKind::ecny_payment_code:
        case CodeKind::unionpay_url:
        case CodeKind::alipay_url:
        case CodeKind::wechat_url:
        case CodeKind::own_url:
            return ReadAs::any;
    }
    std::unreachable();
}

// A payment code or a URL: nothing in it to read here.
bool write_kind_only(json::Writer& json, CodeKind kind) {
    const bool known = kind != CodeKind::unknown;
    if (known) {
        json.boolean("valid", true);
    } else {
        write_defect(json, {DefectCode::code_unsupported, ""});
    }
    return known;
}

bool write_code(json::Writer& json, std::string_view text, ReadAs as, CodeKind kind,
                emvqr::Strictness strictness) {
    switch (as == ReadAs::any ? as_recognised(kind, text) : as) {
        case ReadAs::any:
            return write_kind_only(json, kind);
        case ReadAs::merchant_presented:
            return write_decoded(json, "merchant-presented", emvqr::decode_mpm(text, strictness));
        case ReadAs::consumer_presented:
            return write_decoded(json, "consumer-presented", emvqr::decode_cpm(text));
        case ReadAs::karekod:
            return write_decoded(json, "tr-karekod", emvqr::decode_karekod(text));
    }
    std::unreachable();
}

}  // namespace

Line decode_to_json(std::string_view text, ReadAs as, emvqr::Strictness strictness) {
    Line line;
    json::Writer json(line.text);
    const CodeKind kind = recognise(text);
    json.begin_object();
    json.text("kind", to_text(kind));
    line.good = write_code(json, text, as, kind, strictness);
    json.end_object();
    return line;
}

}  // namespace huitong::wire::paycode
