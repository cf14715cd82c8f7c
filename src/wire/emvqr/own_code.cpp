#include "wire/emvqr/own_code.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "wire/emvqr/amount.hpp"
#include "wire/emvqr/schemes.hpp"
#include "wire/emvqr/unionpay.hpp"

namespace huitong::wire::emvqr {
namespace {

std::vector<Node> nodes_of(const PlateTerms& plate, std::string method) {
    std::vector<Node> nodes{
        {.tag = 0, .value = "01"},
        {.tag = 1, .value = std::move(method)},
        {.tag = plate.own_tag,
         .children = {{.tag = 0, .value = plate.own_id}, {.tag = 1, .value = plate.merchant_id}}},
        {.tag = 52, .value = plate.category},
        {.tag = 53, .value = fmt::format("{:03}", plate.currency.numeric)},
        {.tag = 58, .value = plate.country},
        {.tag = 59, .value = plate.name},
        {.tag = 60, .value = plate.city},
    };
    if (!plate.unionpay_account.empty())
        nodes.push_back({.tag = unionpay_tag, .value = plate.unionpay_account});
    if (plate.national) nodes.push_back(*plate.national);
    return nodes;
}

Decoded<std::string> encode(const PlateTerms& plate, std::span<const Node> nodes) {
    const std::string& unionpay = plate.unionpay_account;
    if (!unionpay.empty() && !parse_unionpay_account(unionpay))
        return std::unexpected(Defect{DefectCode::format, place(unionpay_tag)});
    auto text = encode_mpm(nodes, Order::ascending, Strictness::strict);
    if (!text) return text;
    const auto code = decode_mpm(*text, Strictness::strict);
    ENSURE(code.has_value());  // The encoder has read it too.
    for (const Account& account : accounts_of(code->objects()))
        if (Finding found = misfit(account, code->objects()))
            return std::unexpected(*std::move(found));
    return text;
}

}  // namespace

Decoded<std::string> static_plate(const PlateTerms& plate) {
    return encode(plate, nodes_of(plate, "11"));
}

Decoded<std::string> dynamic_code(const PlateTerms& plate, const OrderTerms& order) {
    ENSURE(order.amount.currency == plate.currency);
    std::vector<Node> nodes = nodes_of(plate, "12");
    nodes.push_back({.tag = 54, .value = amount_text(order.amount)});
    std::vector<Node> data{
        {.tag = 5, .value = order.order}
    };
    if (!order.terminal.empty()) data.push_back({.tag = 7, .value = order.terminal});
    nodes.push_back({.tag = 62, .children = std::move(data)});
    return encode(plate, nodes);
}

}  // namespace huitong::wire::emvqr
