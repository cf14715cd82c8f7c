#include "gateway/merchant/metrics.hpp"

namespace huitong::gateway::merchant {

std::string_view to_text(Operation operation) {
    switch (operation) {
        case Operation::prepay_native:
            return "prepay_native";
        case Operation::prepay_jsapi:
            return "prepay_jsapi";
        case Operation::prepay_h5:
            return "prepay_h5";
        case Operation::prepay_app:
            return "prepay_app";
        case Operation::codepay:
            return "codepay";
        case Operation::order_by_transaction_id:
            return "order_by_transaction_id";
        case Operation::order_by_out_trade_no:
            return "order_by_out_trade_no";
        case Operation::order_close:
            return "order_close";
        case Operation::order_reverse:
            return "order_reverse";
        case Operation::refund_create:
            return "refund_create";
        case Operation::refund_by_out_refund_no:
            return "refund_by_out_refund_no";
        case Operation::certificates:
            return "certificates";
    }
    std::unreachable();
}

void Metrics::count(std::optional<Operation> operation, std::optional<Error> error) {
    const std::size_t row = operation ? std::to_underlying(*operation) : operations;
    const std::size_t column = error ? std::to_underlying(*error) : errors;
    counts_[row][column].fetch_add(1, std::memory_order_relaxed);
}

std::vector<Metrics::Row> Metrics::rows() const {
    std::vector<Row> found;
    for (std::size_t row = 0; row <= operations; ++row) {
        const std::size_t first = found.size();
        const std::string_view name =
            row == operations ? "none" : to_text(static_cast<Operation>(row));
        for (std::size_t column = 0; column <= errors; ++column) {
            const std::uint64_t requests = counts_[row][column].load(std::memory_order_relaxed);
            if (requests == 0) continue;
            const std::string_view code =
                column == errors ? "OK" : describe(static_cast<Error>(column)).wire_code;
            std::size_t same = first;  // Many errors share a wire code.
            while (same < found.size() && found[same].wire_code != code) ++same;
            if (same == found.size()) found.push_back({name, code, 0});
            found[same].requests += requests;
        }
    }
    return found;
}

}  // namespace huitong::gateway::merchant
