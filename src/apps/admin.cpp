// merchant, user, operator and notice: administration through the operator door of a running
// server, so that every change is an entry that names who made it. Answers are printed as the door
// gives them, in JSON.
#include <memory>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/input.hpp"
#include "apps/operator_session.hpp"

namespace huitong::apps {
namespace {

struct AdminOptions {
    std::string subject;  // an mchid or user id
    std::string text;     // name or login name
    std::vector<std::string> appids;
    std::string key_mode = "PUBLIC_KEY";
    std::string key_family = "RSA";
    std::string notify_url;
    std::string apiv3_key;
    std::string file;
    std::string serial;
    std::string phone;
};

std::string merchant_body(const AdminOptions& options) {
    return json_object([&](wire::json::Writer& json) {
        json.text("mchid", options.subject);
        json.text("name", options.text);
        json.begin_array("appids");
        for (const std::string& appid : options.appids) json.text(appid);
        json.end_array();
        json.text_if("apiv3_key", options.apiv3_key);
        json.text("key_mode", options.key_mode);
        json.text("key_family", options.key_family);
        json.text_if("notify_url", options.notify_url);
    });
}

std::string key_body(const AdminOptions& options) {
    const std::string pem = read_file(options.file);
    return json_object([&](wire::json::Writer& json) {
        if (options.serial.empty()) {
            json.text("certificate_pem", pem);
        } else {
            json.text("public_key_pem", pem);
            json.text("serial_no", options.serial);
        }
    });
}

std::string user_body(const AdminOptions& options) {
    return json_object([&](wire::json::Writer& json) {
        json.text("login_name", options.subject);
        json.text("display_name", options.text.empty() ? options.subject : options.text);
        json.text_if("phone", options.phone);
        json.text("password", ask_secret("the user's password"));
        json.text("payment_password", ask_secret("the user's payment password (6 digits)"));
    });
}

Result<std::string> change_password(OperatorClient& client, const OperatorLogin& login) {
    const std::string old = password_of(login);
    const std::string fresh = ask_secret("new password");
    CHECK(client.change_password(old, fresh));
    return std::string{};
}

void add_merchant(Command app, int& status) {
    Command merchant = app.add_subcommand("merchant", "Register merchants and their keys");
    merchant.require_subcommand(1);
    auto options = std::make_shared<AdminOptions>();
    OperatorCommands admin(merchant, status);
    Command add = admin.add(
        "add", "Register a merchant; prints its APIv3 key once", [options](OperatorClient& client) {
            return client.request("POST", "/merchants", merchant_body(*options));
        });
    add.add_option("mchid", options->subject, "8 to 10 digits").required();
    add.add_option("--name", options->text, "What payers see").required();
    add.add_option("--appid", options->appids, "An appid bound to it; may be repeated").required();
    add.add_option("--key-mode", options->key_mode, "How it checks our signatures")
        .one_of({"PUBLIC_KEY", "CERTIFICATE"})
        .capture_default_str();
    add.add_option("--key-family", options->key_family,
                   "Of its notices: RSA and AES, or SM2, SM3 and SM4")
        .one_of({"RSA", "SM2"})
        .capture_default_str();
    add.add_option("--apiv3-key", options->apiv3_key,
                   "32 letters and digits; generated when left out");
    add.add_option("--notify-url", options->notify_url, "For refunds that name none");
    admin.add("list", "All merchants",
              [](OperatorClient& client) { return client.request("GET", "/merchants"); });
    const auto one = [&](const char* name, const char* help, const char* method, const char* path) {
        admin
            .add(name, help,
                 [options, method, path](OperatorClient& client) {
                     return client.request(method, "/merchants/" + options->subject + path);
                 })
            .add_option("mchid", options->subject)
            .required();
    };
    one("show", "One merchant with its balances", "GET", "");
    one("freeze", "Take no new orders and payments", "POST", "/freeze");
    one("unfreeze", "Let it trade again", "POST", "/unfreeze");
    one("keys", "Its keys", "GET", "/keys");
    Command key = admin.add(
        "add-key", "Add its certificate or public key", [options](OperatorClient& client) {
            return client.request("POST", "/merchants/" + options->subject + "/keys",
                                  key_body(*options));
        });
    key.add_option("mchid", options->subject).required();
    key.add_option("file", options->file, "PEM").required().existing_file();
    key.add_option("--serial", options->serial,
                   "For a bare public key: the serial_no it signs under");
    Command revoke =
        admin.add("revoke-key", "Trust a key no longer", [options](OperatorClient& client) {
            return client.request("DELETE",
                                  "/merchants/" + options->subject + "/keys/" + options->serial);
        });
    revoke.add_option("mchid", options->subject).required();
    revoke.add_option("serial", options->serial).required();
    admin.add("platform-keys", "What merchants need to check our signatures",
              [](OperatorClient& client) { return client.request("GET", "/platform-keys"); });
}

void add_user(Command app, int& status) {
    Command user = app.add_subcommand("user", "Register wallet users");
    user.require_subcommand(1);
    auto options = std::make_shared<AdminOptions>();
    OperatorCommands admin(user, status);
    Command add = admin.add("add", "Register a user; asks for both passwords",
                            [options](OperatorClient& client) {
                                return client.request("POST", "/users", user_body(*options));
                            });
    add.add_option("login-name", options->subject).required();
    add.add_option("--name", options->text, "Display name");
    add.add_option("--phone", options->phone);
    admin.add("list", "All users",
              [](OperatorClient& client) { return client.request("GET", "/users"); });
    const auto one = [&](const char* name, const char* help, const char* method, const char* path) {
        admin
            .add(name, help,
                 [options, method, path](OperatorClient& client) {
                     return client.request(method, "/users/" + options->subject + path);
                 })
            .add_option("user-id", options->subject)
            .required();
    };
    one("show", "One user with the balances", "GET", "");
    one("freeze", "Refuse log-ins and payments", "POST", "/freeze");
    one("unfreeze", "Make the user active again", "POST", "/unfreeze");
}

void add_operator(Command app, int& status) {
    Command who = app.add_subcommand("operator", "Operators and their passwords");
    who.require_subcommand(1);
    auto options = std::make_shared<AdminOptions>();
    OperatorCommands admin(who, status);
    admin.add(
        "password", "Change your own password, also a one-time one",
        [login = admin.login()](OperatorClient& client) { return change_password(client, *login); },
        true);
    Command add = admin.add(
        "add", "Register an operator; asks for a password", [options](OperatorClient& client) {
            return client.request("POST", "/operators", json_object([&](wire::json::Writer& json) {
                                      json.text("name", options->subject);
                                      json.text("password",
                                                ask_secret("the new operator's password"));
                                  }));
        });
    add.add_option("name", options->subject).required();
}

void add_notice(Command app, int& status) {
    Command notice = app.add_subcommand("notice", "What merchants were told, and telling again");
    notice.require_subcommand(1);
    auto options = std::make_shared<AdminOptions>();
    OperatorCommands admin(notice, status);
    admin
        .add("list", "Notices of an order and its refunds, with every attempt",
             [options](OperatorClient& client) {
                 return client.request("GET", "/notices?order=" + options->subject);
             })
        .add_option("order-id", options->subject)
        .required();
    admin
        .add("resend", "Send a notice again now, also one that was delivered or given up",
             [options](OperatorClient& client) {
                 return client.request("POST", "/notices/" + options->subject + "/resend");
             })
        .add_option("notice-id", options->subject)
        .required();
}

}  // namespace

void add_admin(Command app, int& status) {
    add_merchant(app, status);
    add_user(app, status);
    add_operator(app, status);
    add_notice(app, status);
}

}  // namespace huitong::apps
