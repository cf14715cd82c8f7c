// huitong: the one program. Each subcommand lives in a file of its own.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/version.hpp"

int main(int argc, char** argv) {
    using namespace huitong::apps;
    // Long work is watched through pipes and files too.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    CommandLine line(
        "Huitong: any wallet pays any code. Wallet, acquirer and switch in one program.");
    line.set_version_flag("--version", std::string(version) + " (" + std::string(commit) + ")");
    Command app = line.root();
    app.require_subcommand(1);
    int status = EXIT_SUCCESS;
    for (const auto add : {add_serve, add_demo, add_audit, add_journal, add_tables, add_backup,
                           add_admin, add_participant, add_sign, add_iso8583, add_qr, add_conform,
                           add_bench, add_kill_run, add_network_run})
        add(app, status);
    if (const auto end = line.parse(argc, argv)) return *end;
    return status;
}
