// The rules that codes are judged by once their objects have been read, in the order of emv-qr
// sections 2 and 4. For the decoders only.
#pragma once

#include "wire/emvqr/data_objects.hpp"
#include "wire/emvqr/objects.hpp"

namespace huitong::wire::emvqr {

extern const Dialect merchant_dialect;

enum class Presence : std::uint8_t {
    all,     // every mandatory object
    person,  // without 52, 59, 60, as person-to-person codes of some countries
};

// The first rule that the objects break; they have been read by merchant_dialect.
Finding judge(const Objects& objects, Presence presence);

// Whether Presence::person might forgive it.
bool is_of_persons(const Defect& defect);

inline constexpr std::uint32_t application_tag = 0x61;
inline constexpr std::uint32_t common_tag = 0x62;
// What a card's own application answers, inside 61 and 62.
inline constexpr std::uint32_t application_transparent_tag = 0x63;
inline constexpr std::uint32_t common_transparent_tag = 0x64;

// The first rule that the objects of a consumer-presented code break.
Finding judge(const DataObjects& objects);

}  // namespace huitong::wire::emvqr
