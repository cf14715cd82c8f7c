// The subcommands of `huitong`. Each adds itself with its options and sets the process's exit
// status when it is chosen.
#pragma once

namespace huitong::apps {

class Command;

void add_serve(Command app, int& status);
void add_demo(Command app, int& status);
void add_audit(Command app, int& status);
void add_journal(Command app, int& status);
void add_tables(Command app, int& status);
void add_backup(Command app, int& status);
void add_admin(Command app, int& status);
void add_participant(Command app, int& status);
void add_sign(Command app, int& status);
void add_iso8583(Command app, int& status);
void add_conform(Command app, int& status);
void add_bench(Command app, int& status);
void add_qr(Command app, int& status);
void add_kill_run(Command app, int& status);
void add_network_run(Command app, int& status);

}  // namespace huitong::apps
