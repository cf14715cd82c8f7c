// huitong: the one program. Each subcommand lives in a file of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "apps/commands.hpp"
#include "apps/version.hpp"

int main(int argc, char** argv) {
    using namespace huitong::apps;
    // Long work is watched through pipes and files too.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    CLI::App app{"Huitong: any wallet pays any code. Wallet, acquirer and switch in one program."};
    app.set_version_flag("--version", std::string(version) + " (" + std::string(commit) + ")");
    app.require_subcommand(1);
    int status = EXIT_SUCCESS;
    for (const auto add : {add_serve, add_demo, add_audit, add_journal, add_tables, add_backup,
                           add_admin, add_participant, add_sign, add_iso8583, add_qr, add_conform,
                           add_bench, add_kill_run, add_network_run})
        add(app, status);
    CLI11_PARSE(app, argc, argv);
    return status;
}
