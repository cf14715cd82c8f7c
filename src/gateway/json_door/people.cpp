#include "gateway/json_door/people.hpp"

#include <fmt/format.h>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/writer.hpp"

namespace huitong::gateway::json_door {
namespace {

constexpr std::size_t subject_bytes = 8;
constexpr std::size_t key_bytes = 16;
constexpr std::string_view personal_context = "person/personal";

std::string subject_name(std::uint64_t subject) {
    return fmt::format("subject/{:016x}", subject);
}

std::string to_bytes(std::uint64_t number) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>((number >> shift) & 0xFFU);
    return bytes;
}

std::uint64_t from_bytes(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
    return number;
}

// Positive as a signed number too: the vault keeps subjects in a column of signed integers.
std::uint64_t random_subject() {
    constexpr std::uint64_t positive = ~std::uint64_t{0} >> 1U;
    return (from_bytes(crypto::random_bytes(subject_bytes)) & positive) | 1U;
}

std::string to_json(const Person& person) {
    std::string text;
    wire::json::Writer json(text);
    json.begin_object();
    json.text("login_name", person.login_name);
    json.text("display_name", person.display_name);
    json.text_if("phone", person.phone);
    json.end_object();
    return text;
}

Result<Person> parse_person(std::string_view text) {
    wire::json::Report report;
    Person person;
    auto root = wire::json::read_object(text, report);
    root.required_string("login_name", {.max = 64}, person.login_name);
    root.required_string("display_name", {.max = 64}, person.display_name);
    root.optional_string("phone", {.max = 32}, person.phone);
    root.finish();
    if (!report.clean()) return refuse(Error::decryption_failed);
    return person;
}

std::string keyed_digest(const crypto::Secret& key, std::string_view text) {
    const auto mac = crypto::hmac_sha256(key, text);
    return std::string(crypto::as_text(mac).substr(0, key_bytes));
}

crypto::Secret derived(const crypto::Secret& key, std::string_view purpose) {
    return crypto::Secret(crypto::as_text(crypto::hmac_sha256(key, purpose)));
}

}  // namespace

std::string masked_phone(std::string_view phone) {
    if (phone.empty()) return {};
    if (phone.size() < 8) return std::string(phone.size(), '*');
    const std::size_t shown = phone.starts_with('+') && phone.size() >= 12 ? 6 : 3;
    return fmt::format("{}****{}", phone.substr(0, shown), phone.substr(phone.size() - 4));
}

std::string masked_number(std::string_view account_number) {
    const std::size_t shown = account_number.size() < 8 ? 0 : 4;
    return fmt::format("**** {}", account_number.substr(account_number.size() - shown));
}

PersonKeys::PersonKeys(const crypto::Secret& openid_key)
    : login_(derived(openid_key, "login-name")), account_(derived(openid_key, "bank-account")) {}

std::string PersonKeys::login_key(std::string_view login_name) const {
    std::string folded(login_name);
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return keyed_digest(login_, folded);
}

std::string PersonKeys::account_key(std::string_view bank, std::string_view number) const {
    return keyed_digest(account_, fmt::format("{}\n{}", number, bank));
}

Result<Sealed> People::seal_new(const Person& person) const {
    const std::uint64_t subject = random_subject();
    const crypto::SubjectKey key = crypto::SubjectKey::generate();
    CHECK(vault_.put(subject, master_.wrap(subject_name(subject), key)));
    return Sealed{to_bytes(subject) + key.seal(personal_context, to_json(person))};
}

Result<Person> People::open(const Sealed& personal) const {
    TRY(opened, key_of(personal));
    TRY(text,
        opened.key.open(personal_context, std::string_view(personal.bytes).substr(subject_bytes)));
    return parse_person(text.expose());
}

Result<Sealed> People::seal_for(const Sealed& personal, std::string_view context,
                                std::string_view text) const {
    TRY(opened, key_of(personal));
    return Sealed{to_bytes(opened.subject) + opened.key.seal(context, text)};
}

Result<People::Opened> People::key_of(const Sealed& personal) const {
    if (personal.bytes.size() <= subject_bytes) return refuse(Error::decryption_failed);
    const std::uint64_t subject =
        from_bytes(std::string_view(personal.bytes).substr(0, subject_bytes));
    TRY(wrapped, vault_.get(subject));
    TRY(key, master_.unwrap(subject_name(subject), wrapped));
    return Opened{subject, std::move(key)};
}

}  // namespace huitong::gateway::json_door
