// Letters by HTTP: the courier's Send over http::Client.
#pragma once

#include "gateway/http/client.hpp"
#include "gateway/notices/courier.hpp"

namespace huitong::gateway::notices {

// The client must outlive the courier. Whether private addresses may be called, and how many
// connections a host gets, are the client's options; it follows no redirects.
Send send_by(http::Client& client);

}  // namespace huitong::gateway::notices
