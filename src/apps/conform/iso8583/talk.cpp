#include "apps/conform/iso8583/talk.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "wire/iso8583/mac.hpp"

namespace huitong::apps::conform {
namespace {

using gateway::iso8583::add_all;
using gateway::iso8583::text_of;
using gateway::iso8583::WorkingKey;
using wire::iso8583::Envelope;
using wire::iso8583::Fault;
using wire::iso8583::Header;
using wire::iso8583::Mti;

constexpr unsigned response_code = 39;
constexpr unsigned additional_data = 60;
constexpr unsigned management_code = 70;
constexpr std::string_view line_test = "301";
constexpr std::size_t inbox_max = 1'000;                // messages that nobody asked for
constexpr auto end_patience = std::chrono::seconds(5);  // for the other side's end of a line
// Field 60 as far as its MAC algorithm, which says 4 for SM4 (iso8583-bridge.md).
constexpr std::string_view additional_data_sm4 = "000000000000000000004";

const wire::iso8583::Dialect& dialect() {
    return *wire::iso8583::builtin_dialect("cups");
}

std::string why(const Fault& fault) {
    return fmt::format("field {}: {}", fault.field, to_text(fault.code));
}

std::string printable(std::string_view text) {
    const bool prints = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
    return prints ? std::string(text) : "hex " + crypto::to_hex_upper(text);
}

// Bytes over others; false: there is no such place.
bool apply(const Patch& patch, std::string& frame) {
    std::size_t offset = patch.offset;
    if (patch.field != 0) {
        Envelope envelope;
        if (!decode_frame(dialect(), frame, envelope)) return false;
        offset = envelope.message.offset(patch.field);
        if (offset == 0) return false;
    }
    if (offset + patch.bytes.size() > frame.size()) return false;
    frame.replace(offset, patch.bytes.size(), patch.bytes);
    return true;
}

}  // namespace

bool Heard::rejects() const {
    return readable && envelope.kind == Envelope::Kind::reject;
}

std::string Heard::mti() const {
    if (!readable || envelope.kind != Envelope::Kind::message) return {};
    return std::string(envelope.message.mti().text());
}

Fields Heard::fields() const {
    return mti().empty() ? Fields{} : gateway::iso8583::fields_of(envelope.message);
}

CardTalk::CardTalk(const Iso8583Target& target, engine::Clock& clock)
    : target_(target), clock_(clock), line_(dialect()) {}

TestLine::Deadline CardTalk::patience() const {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds(target_.patience.ms);
}

Result<void> CardTalk::connect() {
    inbox_.clear();
    return line_.connect(target_.host, target_.port, target_.patience);
}

bool CardTalk::disconnect() {
    inbox_.clear();
    return line_.finish(std::min(patience(), std::chrono::steady_clock::now() + end_patience));
}

WorkingKey* CardTalk::key_for(const CardMessage& message) {
    const bool management = message.mti.substr(1, 1) == "8";
    if (message.mac == CardSend::Mac::none || management) return nullptr;
    auto& key = message.mac == CardSend::Mac::old ? old_key_ : key_;
    return key ? &*key : nullptr;
}

std::expected<std::string, std::string> CardTalk::frame(const CardMessage& message) {
    wire::iso8583::Builder builder(dialect());
    const auto mti = Mti::parse(message.mti);
    ENSURE(mti.has_value());  // The script has checked it.
    builder.start(*mti);
    WorkingKey* const key = key_for(message);
    Fields fields = message.fields;
    if (key != nullptr && key->algorithm == crypto::MacAlgorithm::sm4_cbc)
        fields.try_emplace(additional_data, additional_data_sm4);
    if (const auto added = add_all(builder, fields); !added)
        return std::unexpected(why(added.error()));
    std::string buffer;
    if (key != nullptr) {
        const auto added = add_mac(builder, key->mac, buffer);
        if (!added) return std::unexpected(why(added.error()));
    }
    const auto header = Header::make({.destination = message.to.empty() ? target_.peer : message.to,
                                      .source = message.from.empty() ? target_.us : message.from});
    if (!header) return std::unexpected("an institution code is not 1 to 11 digits");
    const auto built = builder.finish({.header = &*header});
    if (!built) return std::unexpected(why(built.error()));
    std::string frame(*built);
    if (message.mac == CardSend::Mac::wrong && key != nullptr)
        frame.back() = frame.back() == '0' ? '1' : '0';
    for (const Patch& patch : message.patches) {
        if (!apply(patch, frame)) return std::unexpected("there are no such bytes to be spoilt");
    }
    return frame;
}

bool CardTalk::answer_line_test(const Heard& heard) {
    if (heard.mti() != "0820") return false;
    Fields fields = heard.fields();
    if (text_of(fields, management_code) != line_test) return false;
    fields[response_code] = "00";
    const auto answer = frame({.mti = "0830", .fields = fields});
    return answer && send(*answer);
}

bool CardTalk::listen(TestLine::Deadline until) {
    if (inbox_.size() == inbox_max) return false;
    auto bytes = line_.receive(until);
    if (!bytes) return false;
    const auto heard = std::make_shared<Heard>();
    heard->bytes = *std::move(bytes);
    heard->readable = decode_frame(dialect(), heard->bytes, heard->envelope).has_value();
    if (!answer_line_test(*heard)) inbox_.push_back(heard);
    return true;
}

HeardPtr CardTalk::hear(std::string_view mti) {
    const auto until = patience();
    for (std::size_t at = 0;;) {
        for (; at < inbox_.size(); ++at) {
            const HeardPtr heard = inbox_[at];
            if (heard->rejects() || !heard->readable) return nullptr;
            if (heard->mti() != mti) continue;
            inbox_.erase(inbox_.begin() + static_cast<std::ptrdiff_t>(at));
            return heard;
        }
        if (!listen(until)) return nullptr;
    }
}

HeardPtr CardTalk::hear_reject() {
    const auto until = patience();
    do {
        const auto found =
            std::ranges::find_if(inbox_, [](const HeardPtr& each) { return each->rejects(); });
        if (found == inbox_.end()) continue;
        HeardPtr heard = *found;
        inbox_.erase(found);
        return heard;
    } while (listen(until));
    return nullptr;
}

HeardPtr CardTalk::hear_anything(Duration time) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(time.ms);
    while (inbox_.empty() && listen(until)) {}
    return inbox_.empty() ? nullptr : inbox_.front();
}

bool CardTalk::hear_end() {
    const auto until = patience();
    while (listen(until)) {}
    return line_.ended();
}

std::string CardTalk::left() const {
    std::string text;
    for (const HeardPtr& each : inbox_) text += (text.empty() ? "" : "\n") + shown(each->bytes);
    if (line_.ended()) text += text.empty() ? "the end of the line" : "\nthe end of the line";
    return text.empty() ? "nothing" : text;
}

std::string CardTalk::mac_of(const Heard& heard) {
    if (mac_field_of(heard.envelope.message) == 0) return "none";
    std::string buffer;
    const bool right = key_ && verify_mac(heard.envelope.message, key_->mac, buffer).has_value();
    return right ? "right" : "wrong";
}

std::expected<std::string, std::string> CardTalk::take_key(const Heard& delivery) {
    const Fields fields = delivery.fields();
    auto key = gateway::iso8583::received_key(target_.master, fields, clock_.now());
    if (!key)
        return std::unexpected(fmt::format("the key of fields 53, 48 and 96 can't be read: {}",
                                           describe(key.error()).text_en));
    std::string buffer;
    if (!delivery.envelope.message.wire(128).ends_with(key->check_value()))
        return std::unexpected("field 128: the check value is not that of the key");
    if (!verify_mac(delivery.envelope.message, key->mac, buffer))
        return std::unexpected("field 128: the MAC is not that of the key");
    wire::iso8583::Builder builder(dialect());
    builder.start(*Mti::parse("0810"));
    Fields answer;
    for (const unsigned field : {7U, 11U, 53U, management_code, 100U}) {
        if (const auto found = fields.find(field); found != fields.end()) answer.insert(*found);
    }
    answer[response_code] = "00";
    const auto header = delivery.envelope.header->answer();
    const bool added = add_all(builder, answer) &&
                       add_mac(builder, key->mac, buffer, key->check_value()).has_value();
    const auto built = builder.finish({.header = &header});
    ENSURE(added && built);  // All of it was read from a message.
    old_key_ = std::move(key_);
    key_ = *std::move(key);
    return std::string(*built);
}

std::string shown(std::string_view frame) {
    Envelope envelope;
    const auto decoded = decode_frame(dialect(), frame, envelope);
    if (!decoded || envelope.kind == Envelope::Kind::beat)
        return fmt::format("{}{}", decoded ? "" : why(decoded.error()) + "\n",
                           printable(frame.substr(0, 400)));
    std::string text;
    if (envelope.kind == Envelope::Kind::reject)
        text = fmt::format("reject {} of\n", envelope.header->reject_code());
    if (envelope.original_fault) return text + why(*envelope.original_fault);
    text += fmt::format("{} from {} to {}", envelope.message.mti().text(),
                        envelope.header->source(), envelope.header->destination());
    for (const auto& [field, content] : gateway::iso8583::fields_of(envelope.message))
        text += fmt::format("\n  {} {}", field, printable(content));
    return text;
}

}  // namespace huitong::apps::conform
