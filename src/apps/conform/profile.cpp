#include "apps/conform/profile.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <toml++/toml.h>

#include "apps/conform/words.hpp"
#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "gateway/http/url.hpp"

namespace huitong::apps::conform {
namespace {

// Takes texts out of a table; remembers the first defect.
class Section {
public:
    Section(const toml::table* table, std::string name, std::string& why)
        : table_(table), name_(std::move(name)), why_(why) {}

    // Empty when it is absent.
    std::string optional(const char* key) {
        taken_.insert(key);
        const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
        if (node == nullptr) return {};
        const auto text = node->value_exact<std::string>();
        if (!text || text->empty()) defect(key, "must be a text");
        return text.value_or("");
    }
    std::string required(const char* key) {
        std::string text = optional(key);
        if (text.empty()) defect(key, "is missing");
        return text;
    }
    void also(const char* key) { taken_.insert(key); }
    void defect(std::string_view key, std::string_view what) {
        if (why_.empty()) why_ = fmt::format("{}{} {}", name_, key, what);
    }
    void end() {
        if (table_ == nullptr) return;
        for (const auto& [key, node] : *table_) {
            if (!taken_.contains(std::string(key.str()))) defect(key.str(), "is not a setting");
        }
    }

private:
    const toml::table* table_;
    std::string name_;
    std::string& why_;
    std::set<std::string> taken_;
};

class ProfileReader {
public:
    ProfileReader(const toml::table& root, std::filesystem::path folder)
        : root_(root), folder_(std::move(folder)) {}

    Read<Profile> read(const std::string& file) {
        Section top(&root_, "", why);
        const std::string protocol = top.required("protocol");
        for (const char* table : {"us", "peer", "parameters"}) top.also(table);
        Profile profile;
        if (protocol == "json") {
            read_json(top, profile);
        } else if (protocol == "iso8583") {
            read_iso8583(top, profile);
        } else {
            top.defect("protocol", "is json or iso8583");
        }
        top.end();
        if (const auto* table = root_["parameters"].as_table()) read_parameters(*table, profile);
        if (!why.empty()) return std::unexpected(Defect{file, 0, why});
        return profile;
    }
    std::string why;

private:
    Section section(const char* name) {
        return {root_[name].as_table(), fmt::format("{}.", name), why};
    }
    // The bytes of a file that a setting names; empty with a defect.
    std::string content(Section& section, const char* key) {
        const std::string name = section.required(key);
        if (name.empty()) return {};
        std::ifstream in(folder_ / name, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        if (bytes.empty()) section.defect(key, "names a file that can't be read");
        return bytes;
    }
    std::string path(Section& section, const char* key) {
        const std::string name = section.optional(key);
        return name.empty() ? name : (folder_ / name).string();
    }

    void read_json(Section& top, Profile& profile) {
        std::string url = top.required("address");
        const gateway::http::TlsTrust trust{.ca_file = path(top, "ca_file"),
                                            .certificate_file = path(top, "certificate_file"),
                                            .key_file = path(top, "certificate_key_file")};
        if (!gateway::http::parse_url(url)) top.defect("address", "is no http or https URL");
        while (url.ends_with('/')) url.pop_back();
        Section us = section("us");
        Section peer = section("peer");
        const std::string code = us.required("code");
        const std::string serial = us.required("serial");
        const auto key = crypto::PrivateKey::load(content(us, "key_file"));
        if (!key) us.defect("key_file", "is no private key (PKCS#8)");
        const std::string peer_serial = peer.required("serial");
        const auto peer_key = public_key(content(peer, "key_file"));
        if (!peer_key) peer.defect("key_file", "is no public key and no certificate");
        us.end();
        peer.end();
        if (!key || !peer_key) return;
        profile.target.emplace<JsonTarget>(JsonTarget{.url = url,
                                                      .trust = trust,
                                                      .us = code,
                                                      .serial = serial,
                                                      .key = *key,
                                                      .peer_serial = peer_serial,
                                                      .peer_key = *peer_key});
    }
    static Result<crypto::PublicKey> public_key(const std::string& pem) {
        if (auto key = crypto::PublicKey::load(pem)) return key;
        TRY(certificate, crypto::Certificate::parse(pem));
        return certificate.public_key();
    }

    void read_iso8583(Section& top, Profile& profile) {
        Iso8583Target target;
        const std::string address = top.required("address");
        const std::size_t colon = std::min(address.rfind(':'), address.size());
        target.host = address.substr(0, colon);
        const std::string port = address.substr(std::min(colon + 1, address.size()));
        const auto number = number_of(port);
        if (target.host.empty() || !number || *number < 1 || *number > 65535)
            top.defect("address", "is no host:port");
        target.port = static_cast<std::uint16_t>(number.value_or(0));
        Section us = section("us");
        Section peer = section("peer");
        target.us = institution_code(us);
        target.peer = institution_code(peer);
        std::string hex = content(us, "master_key_file");
        hex.resize(hex.find_last_not_of(" \t\r\n") + 1);
        auto bytes = crypto::from_hex(hex);
        crypto::wipe(hex);
        if (!bytes || (bytes->size() != 8 && bytes->size() != 16)) {
            us.defect("master_key_file", "has not 8 or 16 bytes in hexadecimal");
        } else {
            target.master = crypto::Secret::take(std::move(*bytes));
        }
        us.end();
        peer.end();
        profile.target = std::move(target);
    }
    static std::string institution_code(Section& section) {
        std::string code = section.required("code");
        const bool digits = code.find_first_not_of("0123456789") == std::string::npos;
        if (!digits || code.size() < 8 || code.size() > 11)
            section.defect("code", "is not 8 to 11 digits");
        return code;
    }

    void read_parameters(const toml::table& table, Profile& profile) {
        Section parameters(&table, "parameters.", why);
        for (const auto& [key, node] : table) {
            const auto source = source_of(node);
            if (!source) parameters.defect(key.str(), "is no text, number, list or { command }");
            if (source) profile.parameters.set(std::string(key.str()), *source);
        }
    }
    static std::optional<std::string> scalar(const toml::node& node) {
        if (const auto text = node.value_exact<std::string>()) return *text;
        if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
        return std::nullopt;
    }
    static std::optional<Parameters::Source> source_of(const toml::node& node) {
        if (const auto text = scalar(node)) return Parameters::always(*text);
        if (const auto* table = node.as_table()) {
            const auto command = (*table)["command"].value_exact<std::string>();
            if (!command || table->size() != 1) return std::nullopt;
            return Parameters::printed_by(*command);
        }
        const auto* list = node.as_array();
        if (list == nullptr) return std::nullopt;
        std::vector<std::string> texts;
        for (const auto& each : *list) {
            auto text = scalar(each);
            if (!text) return std::nullopt;
            texts.push_back(*std::move(text));
        }
        return Parameters::each(std::move(texts));
    }

    const toml::table& root_;
    std::filesystem::path folder_;
};

}  // namespace

std::string_view Profile::protocol() const {
    return std::holds_alternative<JsonTarget>(target) ? "json" : "iso8583";
}

Read<Profile> read_profile(const std::string& file) {
    try {
        const toml::table root = toml::parse_file(file);
        return ProfileReader(root, std::filesystem::path(file).parent_path()).read(file);
    } catch (const toml::parse_error& error) {
        return std::unexpected(
            Defect{file, error.source().begin.line, std::string(error.description())});
    }
}

Result<std::unique_ptr<Player>> player_of(Profile& profile, engine::Clock& clock) {
    if (auto* json = std::get_if<JsonTarget>(&profile.target))
        return JsonPlayer::make(*json, clock);
    return std::make_unique<Iso8583Player>(std::move(std::get<Iso8583Target>(profile.target)),
                                           clock);
}

}  // namespace huitong::apps::conform
