// What the doors of signed messages check of a request alike, before they know who asks, and how
// they say what is wrong with it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "gateway/http/message.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::door {

// How far a message's timestamp may lie from our clock (wechatpay-v3 2.2, api/institution.yaml).
inline constexpr Duration clock_window = seconds(300);

std::unexpected<wire::json::FieldError> not_authentic(Error error, std::string_view member,
                                                      std::string_view value, std::string issue);

// The one Authorization header, read by the contract's `parse`; `grammar` says what it is not when
// it is malformed. authorization_malformed, authorization_scheme.
template <class Parse>
auto read_authorization(const http::Request& request, Parse&& parse, std::string_view grammar)
    -> wire::json::Parsed<typename decltype(parse(std::string_view{}))::value_type> {
    const std::size_t count = request.headers.count("Authorization");
    if (count != 1)
        return not_authentic(Error::authorization_malformed, "Authorization", "",
                             count == 0 ? "is missing" : "is given more than once");
    auto parsed = parse(request.header("Authorization"));
    if (parsed) return *std::move(parsed);
    return not_authentic(parsed.error(), "Authorization", "",
                         parsed.error() == Error::authorization_scheme
                             ? "has a scheme that is not offered here"
                             : std::string(grammar));
}

// timestamp_skewed, with how far it is from our clock.
wire::json::Parsed<void> check_clock(std::int64_t timestamp, Instant now);

// A HEAD is no method of these contracts, whatever the HTTP layer makes of it.
std::string_view method_of(const http::Request& request);

}  // namespace huitong::gateway::door
