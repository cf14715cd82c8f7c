#include <functional>
#include <gtest/gtest.h>
#include <vector>

#include "crypto/certificate.hpp"

namespace huitong::crypto {
namespace {

constexpr Instant start{1'700'000'000'000};
constexpr Instant end = start + days(365 * 5);
constexpr KeyAlgorithm families[] = {KeyAlgorithm::rsa, KeyAlgorithm::sm2};

const PrivateKey& key_of(KeyAlgorithm family, int which) {
    static const std::vector<PrivateKey> keys = [] {
        std::vector<PrivateKey> made;
        for (const KeyAlgorithm algorithm : families)
            for (int i = 0; i < 4; ++i) made.push_back(PrivateKey::generate(algorithm));
        return made;
    }();
    return keys[static_cast<std::size_t>((family == KeyAlgorithm::rsa ? 0 : 4) + which)];
}

CertificateTerms terms_for(std::string name, bool authority) {
    return {.common_name = std::move(name),
            .organisation = "Huitong",
            .not_before = start,
            .not_after = end,
            .serial = random_serial(),
            .authority = authority};
}

// A root, an authority under it, and a merchant under that; each part may be changed before it is
// signed.
struct Links {
    KeyAlgorithm family = KeyAlgorithm::sm2;
    KeyAlgorithm merchant_family = KeyAlgorithm::sm2;
    CertificateTerms root = terms_for("root", true);
    CertificateTerms issuing = terms_for("issuing", true);
    CertificateTerms merchant = terms_for("merchant", false);
    CertificateUse wanted = CertificateUse::sign;
    Instant now = start + days(1);
    bool other_root = false;  // with the same name
    bool issuing_is_known = true;
    std::size_t strangers = 0;
};

bool holds_for(const Links& links) {
    const PrivateKey& root_key = key_of(links.family, 0);
    const PrivateKey& issuing_key = key_of(links.family, 1);
    const Certificate root = *issue_self_signed(links.root, root_key);
    const Certificate impostor = *issue_self_signed(links.root, key_of(links.family, 3));
    const auto issuing = issue_certificate(links.issuing, issuing_key.public_key(),
                                           {.certificate = root, .key = root_key});
    const auto merchant =
        issue_certificate(links.merchant, key_of(links.merchant_family, 2).public_key(),
                          {.certificate = *issuing, .key = issuing_key});
    EXPECT_TRUE(merchant->issued_by(issuing_key.public_key()));
    EXPECT_FALSE(merchant->issued_by(root_key.public_key()));
    std::vector<Certificate> intermediates(links.strangers, impostor);
    if (links.issuing_is_known) intermediates.push_back(*issuing);
    return holds({.intermediates = intermediates,
                  .anchor = links.other_root ? impostor : root,
                  .use = links.wanted,
                  .now = links.now},
                 *merchant);
}

TEST(CertificateChain, LeadsToTheAnchorInEitherFamily) {
    for (const KeyAlgorithm family : families)
        for (const KeyAlgorithm merchant_family : families) {
            EXPECT_TRUE(holds_for({.family = family, .merchant_family = merchant_family}));
            EXPECT_TRUE(holds_for({.family = family,
                                   .merchant_family = merchant_family,  //
                                   .strangers = 3}));
        }
}

TEST(CertificateChain, BreaksAtAnyLink) {
    const struct {
        const char* name;
        std::function<void(Links&)> change;
    } cases[] = {
        {"before it begins",       [](Links& l) { l.now = start - seconds(1); }               },
        {"after its end",          [](Links& l) { l.now = end + seconds(1); }                 },
        {"merchant's is over",     [](Links& l) { l.merchant.not_after = start + seconds(1); }},
        {"issuing one is over",    [](Links& l) { l.issuing.not_after = start + seconds(1); } },
        {"root is over",           [](Links& l) { l.root.not_after = start + seconds(1); }    },
        {"issuing one is missing", [](Links& l) { l.issuing_is_known = false; }               },
        {"issuer may not issue",   [](Links& l) { l.issuing.authority = false; }              },
        {"another root",           [](Links& l) { l.other_root = true; }                      },
        {"for encryption only",    [](Links& l) { l.merchant.use = CertificateUse::encrypt; } },
        {"not for encryption",
         [](Links& l) {
             l.merchant.use = CertificateUse::sign;
             l.wanted = CertificateUse::encrypt;
         }                                                                                    },
        {"too many to look at",    [](Links& l) { l.strangers = chain_certificates_max; }     },
    };
    for (const KeyAlgorithm family : families)
        for (const auto& c : cases) {
            SCOPED_TRACE(c.name);
            Links links{.family = family};
            ASSERT_TRUE(holds_for(links));
            c.change(links);
            EXPECT_FALSE(holds_for(links));
        }
}

TEST(CertificateUse, IsWhatTheTermsSaid) {
    const struct {
        CertificateUse said;
        bool signs, encrypts;
    } cases[] = {
        {CertificateUse::sign,    true,  false},
        {CertificateUse::encrypt, false, true },
        {CertificateUse::both,    true,  true },
    };
    for (const auto& c : cases) {
        CertificateTerms terms = terms_for("merchant", false);
        terms.use = c.said;
        const auto made = issue_self_signed(terms, key_of(KeyAlgorithm::sm2, 0));
        ASSERT_TRUE(made);
        EXPECT_EQ(made->allows(CertificateUse::sign), c.signs);
        EXPECT_EQ(made->allows(CertificateUse::encrypt), c.encrypts);
        EXPECT_EQ(made->allows(CertificateUse::both), c.signs && c.encrypts);
    }
}

}  // namespace
}  // namespace huitong::crypto
