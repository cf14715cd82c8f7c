// participant: other institutions, with their links, keys, positions, codes and openings, through
// the operator door of a running server. Answers are printed as the door gives them, in JSON.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/input.hpp"
#include "apps/operator_session.hpp"

namespace huitong::apps {
namespace {

struct ParticipantOptions {
    std::string id;
    std::string name;
    std::string code;
    std::vector<std::string> roles;
    std::string status;
    std::string protocol;
    std::optional<bool> is_switch;
    std::string institution_code;
    std::vector<std::string> channels;
    std::string dialect;
    bool ask_master_key = false;
    std::string file;
    std::string serial;
    std::string currency = "CNY";
    std::int64_t cap = 0;
    std::string form;
    std::string pattern;
    std::optional<std::int64_t> length;
    std::int64_t priority = 0;
    std::string kind;
    std::string opens_at;
    std::string closes_at;
};
using OptionsPtr = std::shared_ptr<ParticipantOptions>;

std::string path_of(const ParticipantOptions& options, const std::string& below = {}) {
    return "/participants/" + options.id + below;
}

// What was said of the link; what was not said is left as it is.
void write_link(wire::json::Writer& json, const ParticipantOptions& options) {
    json.text_if("protocol", options.protocol);
    if (options.is_switch) json.boolean("is_switch", *options.is_switch);
    json.text_if("institution_code", options.institution_code);
    if (!options.channels.empty()) {
        json.begin_array("channels");
        for (const std::string& channel : options.channels) json.text(channel);
        json.end_array();
    }
    json.text_if("dialect", options.dialect);
}

std::string new_body(const ParticipantOptions& options) {
    return json_object([&](wire::json::Writer& json) {
        json.text("name", options.name);
        json.text_if("code", options.code);
        json.begin_array("roles");
        for (const std::string& role : options.roles) json.text(role + "_INSTITUTION");
        json.end_array();
        write_link(json, options);
    });
}

std::string change_body(const ParticipantOptions& options) {
    return json_object([&](wire::json::Writer& json) {
        json.text_if("name", options.name);
        json.text_if("status", options.status);
        write_link(json, options);
        if (options.ask_master_key)
            json.text("master_key", ask_secret("the master key in hexadecimal"));
    });
}

std::string key_body(const ParticipantOptions& options) {
    const std::string pem = read_file(options.file);
    return json_object([&](wire::json::Writer& json) {
        json.text(options.serial.empty() ? "certificate_pem" : "public_key_pem", pem);
        json.text_if("serial_no", options.serial);
    });
}

std::string rule_body(const ParticipantOptions& options) {
    return json_object([&](wire::json::Writer& json) {
        json.text("form", options.form);
        json.text("pattern", options.pattern);
        if (options.length) json.integer("length", *options.length);
        json.text("participant_id", options.id);
        json.integer("priority", options.priority);
    });
}

std::string opening_body(const ParticipantOptions& options) {
    return json_object([&](wire::json::Writer& json) {
        json.text("opens_at", options.opens_at);
        json.text_if("closes_at", options.closes_at);
    });
}

Command group(Command parent, const char* name, const char* help) {
    Command app = parent.add_subcommand(name, help);
    app.require_subcommand(1);
    return app;
}

void name_participant(Command command, const OptionsPtr& options) {
    command.add_option("participant-id", options->id).required();
}

// A list of one institution or, without its id, of all.
void add_list(OperatorCommands& commands, const OptionsPtr& options, const char* help,
              const char* path) {
    commands
        .add("list", help,
             [options, path](OperatorClient& client) {
                 const std::string whose =
                     options->id.empty() ? "" : "?participant_id=" + options->id;
                 return client.request("GET", path + whose);
             })
        .add_option("participant-id", options->id, "Only this institution's");
}

void add_link_options(Command command, const OptionsPtr& options) {
    command.add_option("--protocol", options->protocol, "How it is reached")
        .one_of({"HOSTED", "JSON", "ISO8583"});
    command.add_option("--switch", options->is_switch,
                       "Whether it takes the codes that no rule gives to anybody (true, false)");
    command.add_option("--institution-code", options->institution_code, "8 to 11 digits");
    command.add_option("--channel", options->channels,
                       "An address of its link; may be repeated, tried in this order");
    command.add_option("--dialect", options->dialect, "Of ISO 8583, by name, such as cups");
}

void add_registry(Command parent, int& status) {
    auto options = std::make_shared<ParticipantOptions>();
    OperatorCommands commands(parent, status);
    commands.add("list", "All institutions",
                 [](OperatorClient& client) { return client.request("GET", "/participants"); });
    commands.add("self", "What the others must register of us",
                 [](OperatorClient& client) { return client.request("GET", "/institution"); });
    name_participant(commands.add("show", "One institution",
                                  [options](OperatorClient& client) {
                                      return client.request("GET", path_of(*options));
                                  }),
                     options);
    name_participant(commands.add("link", "How its link fares",
                                  [options](OperatorClient& client) {
                                      return client.request("GET", path_of(*options, "/link"));
                                  }),
                     options);
    Command add = commands.add("add", "Register an institution", [options](OperatorClient& client) {
        return client.request("POST", "/participants", new_body(*options));
    });
    add.add_option("name", options->name).required();
    add.add_option("--code", options->code,
                   "By which messages name it: 1 to 32 of A-Z a-z 0-9 _ . - (default: the name)");
    add.add_option("--role", options->roles, "What it does; may be repeated")
        .one_of({"ACCOUNT", "ACQUIRING"})
        .required();
    add_link_options(add, options);
    Command change =
        commands.add("change", "Change an institution; what is not named stays",
                     [options](OperatorClient& client) {
                         return client.request("PATCH", path_of(*options), change_body(*options));
                     });
    name_participant(change, options);
    change.add_option("--name", options->name);
    change.add_option("--status", options->status, "Suspended: no new payments")
        .one_of({"ACTIVE", "SUSPENDED"});
    add_link_options(change, options);
    change.add_flag("--master-key", options->ask_master_key,
                    "Asks for the ISO 8583 master key, which is sealed and never shown");
}

void add_keys(Command parent, int& status) {
    auto options = std::make_shared<ParticipantOptions>();
    OperatorCommands commands(group(parent, "key", "Keys by which its messages are verified"),
                              status);
    name_participant(commands.add("list", "Its keys",
                                  [options](OperatorClient& client) {
                                      return client.request("GET", path_of(*options, "/keys"));
                                  }),
                     options);
    Command add = commands.add(
        "add", "Add its certificate or public key, RSA or SM2", [options](OperatorClient& client) {
            return client.request("POST", path_of(*options, "/keys"), key_body(*options));
        });
    name_participant(add, options);
    add.add_option("file", options->file, "PEM").required().existing_file();
    add.add_option("--serial", options->serial, "For a bare public key: the serial it signs under");
    Command revoke =
        commands.add("revoke", "Trust a key no longer", [options](OperatorClient& client) {
            return client.request("DELETE", path_of(*options, "/keys/" + options->serial));
        });
    name_participant(revoke, options);
    revoke.add_option("serial", options->serial).required();
}

void add_positions(Command parent, int& status) {
    auto options = std::make_shared<ParticipantOptions>();
    OperatorCommands commands(group(parent, "position", "What it owes, and how far it may go"),
                              status);
    add_list(commands, options, "Positions with their caps", "/positions");
    Command set = commands.add(
        "set", "Open a position, or set its net debit cap", [options](OperatorClient& client) {
            const std::string body =
                json_object([&](wire::json::Writer& json) { json.integer("cap", options->cap); });
            return client.request("PUT", path_of(*options, "/positions/" + options->currency),
                                  body);
        });
    name_participant(set, options);
    set.add_option("cap", options->cap, "In minor units").required();
    set.add_option("--currency", options->currency).capture_default_str();
}

void add_codes(Command parent, int& status) {
    auto options = std::make_shared<ParticipantOptions>();
    OperatorCommands commands(group(parent, "code", "Which codes are whose"), status);
    add_list(commands, options, "Rules in the order in which they are asked", "/code-rules");
    Command set =
        commands.add("set", "Give codes to an institution, or change such a rule",
                     [options](OperatorClient& client) {
                         return client.request("POST", "/code-rules", rule_body(*options));
                     });
    name_participant(set, options);
    set.add_option("form", options->form)
        .one_of({"EMV_MERCHANT", "EMV_CONSUMER", "URL", "DIGITS"})
        .required();
    set.add_option("pattern", options->pattern, "An id, a host, or a prefix of digits").required();
    set.add_option("--length", options->length, "For digits: of the whole code");
    set.add_option("--priority", options->priority, "The lowest is asked first")
        .capture_default_str();
    commands
        .add("withdraw", "Take a rule out of force",
             [options](OperatorClient& client) {
                 return client.request("DELETE", "/code-rules/" + options->pattern);
             })
        .add_option("code-rule-id", options->pattern)
        .required();
}

void add_openings(Command parent, int& status) {
    auto options = std::make_shared<ParticipantOptions>();
    OperatorCommands commands(group(parent, "opening", "Who may use which codes when"), status);
    add_list(commands, options, "The opening matrix", "/openings");
    Command set = commands.add("set", "Open a kind of codes to an institution, or close it",
                               [options](OperatorClient& client) {
                                   return client.request(
                                       "PUT", path_of(*options, "/openings/" + options->kind),
                                       opening_body(*options));
                               });
    name_participant(set, options);
    set.add_option("kind", options->kind)
        .one_of({"PERSONAL_STATIC", "PERSONAL_DYNAMIC", "BUSINESS", "MERCHANT_STATIC",
                 "MERCHANT_DYNAMIC", "PAYER_CODE"})
        .required();
    set.add_option("--from", options->opens_at, "RFC 3339").required();
    set.add_option("--to", options->closes_at, "RFC 3339; else it stays open");
}

}  // namespace

void add_participant(Command app, int& status) {
    const Command participant = group(app, "participant", "Other institutions and their links");
    add_registry(participant, status);
    add_keys(participant, status);
    add_positions(participant, status);
    add_codes(participant, status);
    add_openings(participant, status);
}

}  // namespace huitong::apps
