// For tests only: SM2 as its standard writes it, with numbers and points of the library, so that a
// signature or ciphertext can be computed again with a given k, and ours can be taken apart.
// Neither constant in time nor wiped: never for production.
#pragma once

#include <cstdint>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {

// A number of 32 bytes, most significant first; a point is two of them.
class Sm2Model {
public:
    struct Curve {
        std::string p, a, b, n, gx, gy;  // 32 bytes each
    };
    struct Point {
        std::string x, y;
    };

    // The national curve.
    Sm2Model() : group_(EC_GROUP_new_by_curve_name(NID_sm2)) {
        BN_copy(order_.get(), EC_GROUP_get0_order(group_.get()));
    }
    explicit Sm2Model(const Curve& curve)
        : group_(EC_GROUP_new_curve_GFp(number(curve.p).get(), number(curve.a).get(),
                                        number(curve.b).get(), context_.get())),
          order_(number(curve.n)) {
        const PointHandle base(EC_POINT_new(group_.get()));
        EC_POINT_set_affine_coordinates(group_.get(), base.get(), number(curve.gx).get(),
                                        number(curve.gy).get(), context_.get());
        EC_GROUP_set_generator(group_.get(), base.get(), order_.get(), BN_value_one());
    }

    // kG
    [[nodiscard]] Point multiply(std::string_view k) const {
        const PointHandle product(EC_POINT_new(group_.get()));
        EC_POINT_mul(group_.get(), product.get(), number(k).get(), nullptr, nullptr,
                     context_.get());
        return coordinates(product);
    }
    // kP
    [[nodiscard]] Point multiply(std::string_view k, const Point& p) const {
        const PointHandle point(EC_POINT_new(group_.get()));
        EC_POINT_set_affine_coordinates(group_.get(), point.get(), number(p.x).get(),
                                        number(p.y).get(), context_.get());
        const PointHandle product(EC_POINT_new(group_.get()));
        EC_POINT_mul(group_.get(), product.get(), nullptr, point.get(), number(k).get(),
                     context_.get());
        return coordinates(product);
    }

    // r, s: r = e + x1, s = (k - r d) / (1 + d), where (x1, y1) = kG (GB/T 32918.2, 6.1)
    [[nodiscard]] std::string sign(std::string_view d, std::string_view e,
                                   std::string_view k) const {
        const BignumHandle r = add(number(e), number(multiply(k).x));
        const BignumHandle one_and_d = add(number(d), number("\x01"));
        const BignumHandle inverse(
            BN_mod_inverse(nullptr, one_and_d.get(), order_.get(), context_.get()));
        const BignumHandle difference = subtract(number(k), product(r, number(d)));
        return bytes(r) + bytes(product(inverse, difference));
    }

    // The k of a signature, which is there for who knows d: k = s (1 + d) + r d
    [[nodiscard]] std::string k_of(std::string_view d, std::string_view raw) const {
        const BignumHandle r = number(raw.substr(0, 32));
        const BignumHandle s = number(raw.substr(32));
        return bytes(add(add(s, product(s, number(d))), product(r, number(d))));
    }

    // C1, C3, C2 with the 04 (GB/T 32918.4, 6.1)
    [[nodiscard]] std::string encrypt(const Point& to, std::string_view plaintext,
                                      std::string_view k) const {
        const Point c1 = multiply(k);
        const Point shared = multiply(k, to);
        return "\x04" + c1.x + c1.y + digest(shared, plaintext) + masked(shared, plaintext);
    }

    // The plaintext of C1, C3, C2 with the 04; empty when C3 says that it is none.
    [[nodiscard]] std::string decrypt(std::string_view d, std::string_view c1c3c2) const {
        const Point c1{std::string(c1c3c2.substr(1, 32)), std::string(c1c3c2.substr(33, 32))};
        const Point shared = multiply(d, c1);
        const std::string plaintext = masked(shared, c1c3c2.substr(97));
        return digest(shared, plaintext) == c1c3c2.substr(65, 32) ? plaintext : std::string();
    }

    // SM3(Z, M), where Z = SM3(length of the user id in bits, user id, a, b, G, P)
    [[nodiscard]] std::string z(std::string_view user_id, const Point& key) const {
        const std::size_t bits = user_id.size() * 8;
        std::string text = {static_cast<char>(bits >> 8), static_cast<char>(bits & 0xff)};
        const BignumHandle p(BN_new()), a(BN_new()), b(BN_new());
        EC_GROUP_get_curve(group_.get(), p.get(), a.get(), b.get(), context_.get());
        const Point base = multiply("\x01");
        text.append(user_id).append(bytes(a)).append(bytes(b)).append(base.x).append(base.y);
        return std::string(as_text(sm3(text + key.x + key.y)));
    }

private:
    using PointHandle = Handle<EC_POINT, EC_POINT_free>;

    static BignumHandle number(std::string_view text) {
        return BignumHandle(BN_bin2bn(octets(text), static_cast<int>(text.size()), nullptr));
    }
    static std::string bytes(const BignumHandle& value) {
        std::string text(32, '\0');
        BN_bn2binpad(value.get(), octets(text.data()), 32);
        return text;
    }
    [[nodiscard]] Point coordinates(const PointHandle& point) const {
        const BignumHandle x(BN_new()), y(BN_new());
        EC_POINT_get_affine_coordinates(group_.get(), point.get(), x.get(), y.get(),
                                        context_.get());
        return {bytes(x), bytes(y)};
    }

    // Modulo the order.
    [[nodiscard]] BignumHandle add(const BignumHandle& a, const BignumHandle& b) const {
        BignumHandle sum(BN_new());
        BN_mod_add(sum.get(), a.get(), b.get(), order_.get(), context_.get());
        return sum;
    }
    [[nodiscard]] BignumHandle subtract(const BignumHandle& a, const BignumHandle& b) const {
        BignumHandle difference(BN_new());
        BN_mod_sub(difference.get(), a.get(), b.get(), order_.get(), context_.get());
        return difference;
    }
    [[nodiscard]] BignumHandle product(const BignumHandle& a, const BignumHandle& b) const {
        BignumHandle value(BN_new());
        BN_mod_mul(value.get(), a.get(), b.get(), order_.get(), context_.get());
        return value;
    }

    static std::string digest(const Point& shared, std::string_view plaintext) {
        return std::string(as_text(sm3(shared.x + std::string(plaintext) + shared.y)));
    }
    static std::string masked(const Point& shared, std::string_view text) {
        std::string stream;
        for (std::uint32_t i = 1; stream.size() < text.size(); ++i) {
            const std::string counter = {static_cast<char>(i >> 24), static_cast<char>(i >> 16),
                                         static_cast<char>(i >> 8), static_cast<char>(i)};
            stream += as_text(sm3(shared.x + shared.y + counter));
        }
        std::string masked(text);
        for (std::size_t i = 0; i < masked.size(); ++i)
            masked[i] = static_cast<char>(masked[i] ^ stream[i]);
        return masked;
    }

    Handle<BN_CTX, BN_CTX_free> context_{BN_CTX_new()};
    Handle<EC_GROUP, EC_GROUP_free> group_;
    BignumHandle order_{BN_new()};
};

}  // namespace huitong::crypto
