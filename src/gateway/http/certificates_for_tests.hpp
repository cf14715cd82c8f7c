// Certificates made on the spot: an authority and what it issues, as PEM files in a folder that
// goes with the object.
#pragma once

#include <memory>
#include <string>

namespace huitong::gateway::http {

struct CertificateFiles {
    std::string certificate;
    std::string key;
};

class TestAuthority {
public:
    explicit TestAuthority(const std::string& name);
    ~TestAuthority();
    TestAuthority(const TestAuthority&) = delete;
    TestAuthority& operator=(const TestAuthority&) = delete;

    [[nodiscard]] std::string ca_file() const;
    // Alternative names as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
    CertificateFiles issue(const std::string& common_name, const std::string& alternative_names);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::http
