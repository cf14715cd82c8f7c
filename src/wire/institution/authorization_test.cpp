#include "wire/institution/authorization.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace huitong::wire::institution {
namespace {

const std::string signed_header =
    R"(HUITONG-SM2-SM3 participant="WEST",serial="5157F09E",timestamp="1790000000",)"
    R"(nonce="593BEC0C",signature="c2ln")";
const std::string maced_header =
    R"(HUITONG-HMAC-SHA256 participant="WEST",session="0a1b-2c3d",timestamp="1790000000",)"
    R"(nonce="593BEC0C",mac="c2ln")";

Authorization sample(Scheme scheme) {
    return {
        .scheme = scheme,
        .participant = "WEST",
        .proof = {.key = is_mac(scheme) ? "0a1b-2c3d" : "5157F09E",
                  .timestamp = 1790000000,
                  .nonce = "593BEC0C",
                  .bytes = "sig"}
    };
}

std::string changed(std::string header, std::string_view from, std::string_view to) {
    const std::size_t at = header.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return header.replace(at, from.size(), to);
}

TEST(InstitutionAuthorization, ReadsWhatItWritesInEveryScheme) {
    EXPECT_EQ(to_header(sample(Scheme::sm2_sm3)), signed_header);
    EXPECT_EQ(to_header(sample(Scheme::hmac_sha256)), maced_header);
    for (const Scheme scheme :
         {Scheme::sm2_sm3, Scheme::rsa_sha256, Scheme::hmac_sm3, Scheme::hmac_sha256}) {
        EXPECT_EQ(parse_authorization(to_header(sample(scheme))), sample(scheme));
        EXPECT_EQ(scheme_of(to_text(scheme)), scheme);
    }
}

TEST(InstitutionAuthorization, TakesThePairsInAnyOrder) {
    EXPECT_EQ(
        parse_authorization(R"(HUITONG-HMAC-SHA256 mac="c2ln", nonce="593BEC0C",)"
                            R"(timestamp="1790000000", participant="WEST",session="0a1b-2c3d")"),
        sample(Scheme::hmac_sha256));
}

TEST(InstitutionAuthorization, RefusesEveryOtherForm) {
    const std::string long_name(33, 'W');
    const struct {
        const char* name;
        std::string header;
        Error want;
    } cases[] = {
        {"absent", "", Error::authorization_malformed},
        {"another scheme", changed(signed_header, "SM2-SM3", "SM2-SHA256"),
         Error::authorization_scheme},
        {"bearer", "Bearer abc", Error::authorization_scheme},
        {"a missing pair", changed(signed_header, R"(,nonce="593BEC0C")", ""),
         Error::authorization_malformed},
        {"a pair twice", changed(signed_header, R"(nonce="593BEC0C")", R"(serial="AA")"),
         Error::authorization_malformed},
        {"a MAC's pair", changed(signed_header, "signature", "mac"),
         Error::authorization_malformed},
        {"a signature's", changed(maced_header, "session", "serial"),
         Error::authorization_malformed},
        {"no quotes", changed(signed_header, R"("WEST")", "WEST"), Error::authorization_malformed},
        {"no participant", changed(signed_header, "WEST", ""), Error::authorization_malformed},
        {"a long code", changed(signed_header, "WEST", long_name), Error::authorization_malformed},
        {"serial not hex", changed(signed_header, "5157F09E", "XYZ"),
         Error::authorization_malformed},
        {"a leading zero", changed(signed_header, "1790", "0790"), Error::authorization_malformed},
        {"a sign", changed(signed_header, "1790", "-790"), Error::authorization_malformed},
        {"no base64", changed(signed_header, "c2ln", "c2l"), Error::authorization_malformed},
        {"an empty proof", changed(signed_header, "c2ln", ""), Error::authorization_malformed},
        {"something behind", signed_header + ",x=\"y\"", Error::authorization_malformed},
        {"too long", signed_header + std::string(2048, ' '), Error::authorization_malformed},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto parsed = parse_authorization(c.header);
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error(), c.want);
    }
}

TEST(InstitutionAuthorization, ReadsTheHeadersOfAnAnswer) {
    const ProofHeaders good{
        .key = "5157F09E", .timestamp = "1790000000", .nonce = "593BEC0C", .proof = "c2ln"};
    EXPECT_EQ(parse_proof(Scheme::rsa_sha256, good), sample(Scheme::rsa_sha256).proof);
    for (auto member : {&ProofHeaders::key, &ProofHeaders::timestamp, &ProofHeaders::nonce,
                        &ProofHeaders::proof}) {
        ProofHeaders lacking = good;
        lacking.*member = "";
        EXPECT_EQ(parse_proof(Scheme::rsa_sha256, lacking), refuse(Error::authorization_malformed));
    }
}

// The digest of the empty body: GB/T 32905 and FIPS 180-4 implementations agree on these.
TEST(InstitutionAuthorization, SignsFiveLines) {
    const RequestText request{.method = "GET",
                              .target = "/institution/v1/positions?a=b%20c",
                              .timestamp = 1790000000,
                              .nonce = "n1"};
    EXPECT_EQ(text_of(Scheme::hmac_sha256, request),
              "GET\n/institution/v1/positions?a=b%20c\n1790000000\nn1\n"
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
    EXPECT_EQ(text_of(Scheme::sm2_sm3, request),
              "GET\n/institution/v1/positions?a=b%20c\n1790000000\nn1\n"
              "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b\n");
    EXPECT_EQ(
        text_of(Scheme::rsa_sha256,
                AnswerText{
                    .status = 409, .request_nonce = "n1", .timestamp = 1790000001, .nonce = "n2"}),
        "409\nn1\n1790000001\nn2\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
}

}  // namespace
}  // namespace huitong::wire::institution
