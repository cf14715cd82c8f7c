// The subcommands of `huitong`. Each adds itself with its options and sets the process's exit
// status when it is chosen.
#pragma once

namespace CLI {
class App;
}

namespace huitong::apps {

void add_serve(CLI::App& app, int& status);
void add_demo(CLI::App& app, int& status);
void add_audit(CLI::App& app, int& status);
void add_journal(CLI::App& app, int& status);
void add_tables(CLI::App& app, int& status);
void add_backup(CLI::App& app, int& status);
void add_admin(CLI::App& app, int& status);
void add_participant(CLI::App& app, int& status);
void add_sign(CLI::App& app, int& status);
void add_iso8583(CLI::App& app, int& status);
void add_conform(CLI::App& app, int& status);
void add_bench(CLI::App& app, int& status);
void add_qr(CLI::App& app, int& status);
void add_kill_run(CLI::App& app, int& status);
void add_network_run(CLI::App& app, int& status);

}  // namespace huitong::apps
