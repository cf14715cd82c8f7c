// What the operator door is told of by the rest of the house.
#pragma once

#include <filesystem>

#include "apps/institutions.hpp"
#include "engine/heart.hpp"
#include "gateway/notices/courier.hpp"
#include "gateway/operator/ports.hpp"
#include "store/sqlite/journal.hpp"

namespace huitong::apps {

// Everything referred to must outlive the door.
gateway::operator_door::Ports operator_ports(engine::Heart& heart,
                                             store::sqlite::SqliteJournal& journal,
                                             gateway::notices::NoticeCourier& courier,
                                             const std::filesystem::path& data,
                                             const Institutions& institutions);

// Whose the payer code is that a till of ours has read; not named: of a user hosted here.
// code_unowned.
Result<ParticipantId> owner_of_payer_code(std::string_view code,
                                          const engine::Directory& directory);

}  // namespace huitong::apps
