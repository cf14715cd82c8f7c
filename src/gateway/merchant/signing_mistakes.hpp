// The texts that clients sign by mistake instead of the right one. Internal to this module.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/merchant/explain.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::gateway::merchant {

struct SigningMistake {
    std::string signed_text;
    std::string_view what;  // a sentence
};

// One mistake each; the likelier ones first. None of the texts is the right one.
std::vector<SigningMistake> signing_mistakes(const RequestParts& request,
                                             const wire::wechatpay::Authorization& authorization);

// What is wrong with a header that does not parse, as sentences; empty when none of the usual
// mistakes is in it.
std::vector<std::string> header_mistakes(std::string_view header);

// JSON text without the white space between its tokens, or with one space after ',' and ':' as some
// languages write it. Takes the text as it is: broken JSON stays broken.
std::string without_spaces(std::string_view json);
std::string with_spaces(std::string_view json);

}  // namespace huitong::gateway::merchant
