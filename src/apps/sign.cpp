// sign explain: why does this request's signature fail? Answered offline from the request as it was
// sent and the merchant's certificates or public keys.
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/input.hpp"
#include "crypto/certificate.hpp"
#include "engine/heart.hpp"
#include "gateway/merchant/explain.hpp"
#include "wire/json/writer.hpp"

namespace huitong::apps {
namespace {

struct SignOptions {
    std::string mchid;
    std::vector<std::string> certificates;
    std::string method = "POST";
    std::string target;
    std::string authorization;
    std::string body_file;
    bool json = false;
};

// A directory that knows only this merchant and these certificates.
Result<engine::Directory> directory_of(const SignOptions& options) {
    engine::Directory directory;
    acquiring::Merchant merchant;
    merchant.terms.id = MerchantId{1};
    merchant.terms.mchid = options.mchid;
    merchant.state.apiv3_key = Sealed{"present"};
    directory.merchants.load(merchant);
    std::uint64_t id = 1;
    for (const std::string& file : options.certificates) {
        TRY(certificate, crypto::Certificate::parse(read_file(file)));
        TRY(public_key, certificate.public_key());
        acquiring::MerchantKey key;
        key.terms = {.id = KeyId{id++},
                     .merchant = merchant.id(),
                     .serial = certificate.serial(),
                     .public_key_pem = public_key.to_pem(),
                     .not_before = certificate.not_before(),
                     .not_after = certificate.not_after()};
        directory.merchant_keys.load(key);
    }
    return directory;
}

void print_text(const gateway::merchant::Explanation& why) {
    if (why.outcome) {
        fmt::print("refused: {}\n", describe(*why.outcome).text_en);
    } else {
        fmt::print(
            "the signature is right; if the request was refused with nonce_str in the detail, its "
            "nonce had been used for another request\n");
    }
    fmt::print("mchid {}, serial_no {}\nSHA-256 of the body {}\n", why.mchid, why.serial,
               why.body_sha256);
    if (why.clock_difference_s)
        fmt::print("our clock is {} s ahead of the timestamp\n", *why.clock_difference_s);
    if (!why.string_to_sign.empty())
        fmt::print("string to sign, between the lines:\n---\n{}---\n", why.string_to_sign);
    for (const std::string& finding : why.findings) fmt::print("- {}\n", finding);
}

void print_json(const gateway::merchant::Explanation& why) {
    std::string text;
    wire::json::Writer json(text);
    json.begin_object();
    json.boolean("valid", !why.outcome);
    if (why.outcome) json.text("error", describe(*why.outcome).name);
    json.text("mchid", why.mchid);
    json.text("serial_no", why.serial);
    json.text("string_to_sign", why.string_to_sign);
    json.text("body_sha256", why.body_sha256);
    if (why.clock_difference_s) json.integer("clock_difference_s", *why.clock_difference_s);
    json.begin_array("findings");
    for (const std::string& finding : why.findings) json.text(finding);
    json.end_array();
    json.end_object();
    fmt::print("{}\n", text);
}

int explain_request(const SignOptions& options) {
    const auto directory = directory_of(options);
    if (!directory) {
        fmt::print(stderr, "{}\n", describe(directory.error()).text_en);
        return EXIT_FAILURE;
    }
    const auto why = gateway::merchant::explain_signature(
        {.method = options.method,
         .target = options.target,
         .authorization = options.authorization,
         .body = options.body_file.empty() ? std::string{} : read_file(options.body_file)},
        *directory, engine::SystemClock().now());
    options.json ? print_json(why) : print_text(why);
    return why.outcome ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

void add_sign(Command app, int& status) {
    Command sign = app.add_subcommand("sign", "Signatures of the merchant door");
    sign.require_subcommand(1);
    auto options = std::make_shared<SignOptions>();
    Command command = sign.add_subcommand("explain", "Why does this request's signature fail?");
    command.add_option("--mchid", options->mchid, "The merchant").required();
    command
        .add_option("--certificate", options->certificates, "Its certificate, PEM; may be repeated")
        .required()
        .existing_file();
    command.add_option("--method", options->method).capture_default_str();
    command.add_option("--target", options->target, "Path and ?query as sent").required();
    command
        .add_option("--authorization", options->authorization, "The Authorization header's value")
        .required();
    command.add_option("--body", options->body_file, "File with the body's bytes as sent")
        .existing_file();
    command.add_flag("--json", options->json, "Print one JSON object");
    command.callback([options, &status] { status = explain_request(*options); });
}

}  // namespace huitong::apps
