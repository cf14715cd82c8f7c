// The few questions about URIs and addresses that the merchant contract asks. Pure text: nothing is
// looked up, and whether an address may be called is the courier's decision.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::wire::wechatpay {

// RFC 3986 section 2.1. Refuses with field_format a '%' without two hexadecimal digits. A '+' stays
// a '+': only HTML forms read it as a space.
Result<std::string> percent_decode(std::string_view text);
// Everything but the unreserved characters of RFC 3986 section 2.3 is escaped.
std::string percent_encode(std::string_view text);

// Absolute http or https URL: a host name or address, perhaps a port, path and query; printable
// ASCII, no user information.
bool is_web_url(std::string_view text);
// The same without query and fragment, as a notify_url must be (wechatpay-v3 4.1).
bool is_notify_url(std::string_view text);

// A textual IPv4 or IPv6 address without a zone.
bool is_ip_address(const std::string& text);

}  // namespace huitong::wire::wechatpay
