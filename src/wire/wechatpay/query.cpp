#include "wire/wechatpay/query.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "wire/json/writer.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

using json::Report;

// No operation of the contract has more; bounds the search for duplicates.
constexpr std::size_t parameters_max = 16;

struct Parameter {
    std::string name;
    std::string value;
    bool known = false;
};

class QueryReader {
public:
    QueryReader(std::string_view query, Report& report) : report_(report) {
        while (!query.empty() && report_.clean()) {
            const std::size_t end = query.find('&');
            add(query.substr(0, end));
            query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        }
    }

    // False when the parameter is absent.
    bool take(std::string_view name, const TextRule& rule, std::string& out) {
        for (Parameter& parameter : parameters_) {
            if (parameter.name != name) continue;
            parameter.known = true;
            if (const auto defect = json::judge(parameter.value, rule)) {
                refuse(name, parameter.value, defect->error, defect->issue);
            } else {
                out = parameter.value;
            }
            return true;
        }
        return false;
    }

    void need(std::string_view name, const TextRule& rule, std::string& out) {
        if (!take(name, rule, out)) refuse(name, "", Error::field_missing, "is required");
    }

    void refuse(std::string_view name, std::string_view value, Error error,
                std::string_view issue) {
        report_.add({error, json::pointer_step(json::printable(name)), json::printable(value),
                     std::string(issue), Location::query});
    }

    void finish() {
        for (const Parameter& parameter : parameters_) {
            if (!parameter.known)
                refuse(parameter.name, parameter.value, Error::field_unknown,
                       "is not defined here");
        }
    }

private:
    void add(std::string_view pair) {
        const std::size_t equals = pair.find('=');
        const auto name = percent_decode(pair.substr(0, equals));
        const auto value = percent_decode(
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
        if (!name || !value)
            return refuse("", pair, Error::field_format, "has a malformed percent escape");
        for (const Parameter& earlier : parameters_) {
            if (earlier.name == *name)
                return refuse(*name, *value, Error::field_format, "is given more than once");
        }
        if (parameters_.size() == parameters_max)
            return refuse(*name, *value, Error::field_unknown, "is one parameter too many");
        parameters_.push_back({*name, *value});
    }

    Report& report_;
    std::vector<Parameter> parameters_;
};

}  // namespace

Parsed<OrderQuery> parse_order_query(std::string_view query) {
    Report report;
    OrderQuery parsed;
    QueryReader reader(query, report);
    reader.need("mchid", mchid_rule, parsed.mchid);
    reader.finish();
    return report.into(std::move(parsed));
}

Parsed<RefundQuery> parse_refund_query(std::string_view query) {
    Report report;
    RefundQuery parsed;
    QueryReader reader(query, report);
    reader.take("sub_mchid", mchid_rule, parsed.sub_mchid);
    reader.finish();
    return report.into(std::move(parsed));
}

Parsed<CertificatesQuery> parse_certificates_query(std::string_view query) {
    Report report;
    CertificatesQuery parsed;
    QueryReader reader(query, report);
    std::string algorithm = "RSA";
    reader.take("algorithm_type", {.max = 32, .alphabet = &identifier_characters}, algorithm);
    if (algorithm == "SM2") {
        parsed.algorithm = CertificateAlgorithm::sm2;
    } else if (algorithm == "ALL") {
        parsed.algorithm = CertificateAlgorithm::all;
    } else if (algorithm != "RSA") {
        reader.refuse("algorithm_type", algorithm, Error::field_range, "is none of RSA, SM2, ALL");
    }
    reader.finish();
    return report.into(parsed);
}

Parsed<std::monostate> parse_empty_query(std::string_view query) {
    Report report;
    QueryReader reader(query, report);
    reader.finish();
    return report.into(std::monostate{});
}

Parsed<CloseRequest> parse_close(std::string_view body) {
    Report report;
    CloseRequest request;
    json::ObjectReader root = json::read_object(body, report);
    root.required_string("mchid", mchid_rule, request.mchid);
    root.finish();
    return report.into(std::move(request));
}

std::string to_json(const CloseRequest& request) {
    std::string body;
    json::Writer out(body);
    out.begin_object();
    out.text("mchid", request.mchid);
    out.end_object();
    return body;
}

}  // namespace huitong::wire::wechatpay
