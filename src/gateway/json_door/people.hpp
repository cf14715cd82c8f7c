// What we know of persons, in clear only here: names and phones, sealed under a data key of their
// own that lies in the vault. Erasing the key there erases the person.
//
// UserTerms::personal is the subject's number (8 bytes, big endian) and then the sealed JSON. The
// number is drawn at random: the user's id is not known when the data is sealed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/record.hpp"
#include "crypto/seal.hpp"

namespace huitong::gateway::json_door {

// The vault as the doors see it; see store/sqlite/vault.hpp. May block.
struct VaultPort {
    std::function<Result<void>(std::uint64_t subject, std::string_view wrapped)> put;
    std::function<Result<std::string>(std::uint64_t subject)> get;
};

struct Person {
    std::string login_name;
    std::string display_name;
    std::string phone;  // empty when not given

    friend bool operator==(const Person&, const Person&) = default;
};

// The first and last digits only: +86138****0000.
std::string masked_phone(std::string_view phone);
// The last four digits only: **** 4242.
std::string masked_number(std::string_view account_number);

// Keyed digests that find a person without naming one. Any thread.
class PersonKeys {
public:
    explicit PersonKeys(const crypto::Secret& openid_key);

    // 16 bytes; names that differ only in the case of letters are one.
    [[nodiscard]] std::string login_key(std::string_view login_name) const;
    // 16 bytes of a bank's name and an account number.
    [[nodiscard]] std::string account_key(std::string_view bank, std::string_view number) const;

private:
    crypto::Secret login_;
    crypto::Secret account_;
};

// Any thread, but not an I/O thread or the heart's: the vault may block.
class People {
public:
    // The master key must outlive this.
    People(const crypto::MasterKey& master, VaultPort vault)
        : master_(master), vault_(std::move(vault)) {}

    // Makes a data key for a new person, puts it in the vault and seals under it.
    [[nodiscard]] Result<Sealed> seal_new(const Person& person) const;
    // Refuses with subject_key_missing, subject_key_erased, decryption_failed.
    [[nodiscard]] Result<Person> open(const Sealed& personal) const;
    // Seals another text under the key of the person whom `personal` is about.
    [[nodiscard]] Result<Sealed> seal_for(const Sealed& personal, std::string_view context,
                                          std::string_view text) const;

private:
    struct Opened {
        std::uint64_t subject;
        crypto::SubjectKey key;
    };
    [[nodiscard]] Result<Opened> key_of(const Sealed& personal) const;

    const crypto::MasterKey& master_;
    VaultPort vault_;
};

}  // namespace huitong::gateway::json_door
