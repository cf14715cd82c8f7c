// The rows of schemes(); apart from its functions, so that a new scheme touches data only.
#pragma once

#include "wire/emvqr/schemes.hpp"

namespace huitong::wire::emvqr {

// clang-format off
// Sub-tags:                                 name                min max digits template
inline constexpr SubTag promptpay_transfer_sub_tags[] = {
    {1, "mobile",          13, 13, true},  // 0066 and nine digits
    {2, "national_id",     13, 13, true},
    {3, "e_wallet",        15, 15, true},
    {4, "account"},
};
inline constexpr SubTag promptpay_bill_sub_tags[] = {
    {1, "biller"},
    {2, "reference_1"},
    {3, "reference_2"},
};
inline constexpr SubTag duitnow_sub_tags[] = {
    {1, "acquirer",        6,  6,  true},
    {2, "merchant_id",     1,  28},
    {3, "descriptor"},
    {4, "mobile"},
};
inline constexpr SubTag khqr_person_sub_tags[] = {
    {0, "account",         3,  32},
    {1, "account_information", 1, 32},
    {2, "bank",            1,  32},
};
inline constexpr SubTag khqr_merchant_sub_tags[] = {
    {0, "account",         3,  32},
    {1, "merchant_id",     1,  32},
    {2, "bank",            1,  32},
};
inline constexpr SubTag vietqr_sub_tags[] = {
    {1, "beneficiary",     1,  99, false, true},  // in it 00 bank code, 01 account or card
    {2, "service",         8,  8},                // QRIBFTTA to an account, QRIBFTTC to a card
};
inline constexpr SubTag paynow_sub_tags[] = {
    {1, "proxy_type",      1,  1,  true},  // 0 mobile, 2 business
    {2, "proxy"},
    {3, "editable",        1,  1,  true},
    {4, "expiry",          8,  8,  true},
};
inline constexpr SubTag sgqr_sub_tags[] = {
    {1, "sgqr_id"},
    {2, "version"},
    {3, "post_code"},
    {7, "version_date"},
};
inline constexpr SubTag qris_acquirer_sub_tags[] = {
    {1, "merchant_pan",    1,  19, true},
    {2, "merchant_id",     1,  15},
    {3, "size",            3,  3},  // UMI, UKE, UME, UBE
};
inline constexpr SubTag qris_national_sub_tags[] = {
    {2, "national_merchant_id", 1, 15},
    {3, "size",            3,  3},
};
inline constexpr SubTag qr_ph_sub_tags[] = {
    {1, "bank",            8,  11},
    {2, "scheme",          8,  8,  true},  // 99964403
    {3, "account"},
    {4, "account_number"},
    {5, "mobile"},
};
inline constexpr SubTag fps_sub_tags[] = {
    {1, "bank",            1,  99, true},
    {2, "fps_id",          1,  99, true},
    {3, "mobile"},
    {4, "email"},
    {5, "timeout"},
};
inline constexpr SubTag laoqr_sub_tags[] = {
    {1, "institution",     8,  8,  true},
    {2, "type",            3,  3,  true},
    {3, "merchant_id"},
};
inline constexpr SubTag jpqr_sub_tags[] = {
    {1, "institution",     13, 13},
    {2, "branch",          4,  4},
    {3, "shop",            6,  6},
    {4, "till",            6,  6},
};
inline constexpr SubTag pix_sub_tags[] = {
    {1, "key"},
    {2, "text"},
    {25, "url"},
};

inline constexpr SchemeRow scheme_rows[] = {
    {"Visa",             2,  3,  Mark::tag, ""},
    {"Mastercard",       4,  5,  Mark::tag, ""},
    {"Discover",         9,  10, Mark::tag, ""},
    {"American Express", 11, 12, Mark::tag, ""},
    {"JCB",              13, 14, Mark::tag, ""},
    {"UnionPay",         15, 16, Mark::unionpay_account, ""},
    {"UnionPay",         26, 51, Mark::unique_id, "A000000333*"},
    {"PromptPay credit transfer", 29, 29, Mark::unique_id, "A000000677010111", "TH", {764}, true,
     promptpay_transfer_sub_tags},
    // The one-time form of the same.
    {"PromptPay credit transfer", 29, 29, Mark::unique_id, "A000000677010114", "TH", {764}, true,
     promptpay_transfer_sub_tags},
    {"PromptPay bill payment", 30, 30, Mark::unique_id, "A000000677010112", "TH", {764}, false,
     promptpay_bill_sub_tags},
    {"DuitNow", 26, 26, Mark::unique_id, "A0000006150001", "MY", {458}, false, duitnow_sub_tags,
     Expiry::never, 0, 0, 82},
    {"KHQR", 29, 29, Mark::unique_id, "*@*", "KH", {116, 840}, false, khqr_person_sub_tags,
     Expiry::unix_ms, 99, 1},
    {"KHQR", 30, 30, Mark::unique_id, "*@*", "KH", {116, 840}, false, khqr_merchant_sub_tags,
     Expiry::unix_ms, 99, 1},
    {"VietQR", 38, 38, Mark::unique_id, "A000000727", "VN", {704}, true, vietqr_sub_tags},
    {"PayNow", 26, 26, Mark::unique_id, "SG.PAYNOW", "SG", {702}, false, paynow_sub_tags,
     Expiry::date, 26, 4},
    {"SGQR", 51, 51, Mark::unique_id, "SG.SGQR", "SG", {702}, false, sgqr_sub_tags},
    {"QRIS", 26, 45, Mark::unique_id, "ID.CO.*.WWW", "ID", {360}, false, qris_acquirer_sub_tags},
    {"QRIS", 51, 51, Mark::unique_id, "ID.CO.QRIS.WWW", "ID", {360}, false,
     qris_national_sub_tags},
    {"QR Ph", 27, 27, Mark::unique_id, "com.p2pqrpay", "PH", {608}, false, qr_ph_sub_tags},
    {"QR Ph", 28, 28, Mark::unique_id, "ph.ppmi.p2m", "PH", {608}, false, qr_ph_sub_tags},
    {"FPS", 26, 26, Mark::unique_id, "hk.com.hkicl", "HK", {344, 156}, false, fps_sub_tags},
    {"LaoQR", 38, 38, Mark::unique_id, "A005266284662577", "LA", {418}, false, laoqr_sub_tags},
    {"JPQR", 26, 26, Mark::unique_id, "jp.or.paymentsjapan", "JP", {392}, false, jpqr_sub_tags},
    {"NepalPay", 26, 26, Mark::unique_id, "np.gov.nrb", "NP", {524}},
    {"Pix", 26, 26, Mark::unique_id, "br.gov.bcb.pix", "BR", {986}, false, pix_sub_tags},
};
// clang-format on

}  // namespace huitong::wire::emvqr
