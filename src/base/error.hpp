// Every reason for which Huitong says no, and the one table that says how each is told.
// A new enumerator brings a new row in error.cpp and a new test.
#pragma once

#include <cstdint>
#include <string_view>

namespace huitong {

enum class Error : std::uint8_t {
    // The message itself.
    body_malformed,
    body_too_large,
    header_too_large,
    request_malformed,
    request_timeout,
    http_version_unknown,
    answer_missing,
    field_missing,
    openid_missing,
    field_format,
    field_range,
    field_unknown,
    path_unknown,
    method_unknown,
    // Who asks.
    authorization_malformed,
    authorization_scheme,
    timestamp_skewed,
    merchant_key_missing,
    serial_unknown,
    participant_key_unknown,
    signature_mismatch,
    mac_mismatch,
    link_session_unknown,
    nonce_reused,
    session_invalid,
    credentials_wrong,
    credentials_locked,
    not_permitted,
    // Merchants.
    merchant_not_found,
    merchant_frozen,
    mchid_mismatch,
    appid_not_bound,
    platform_certificates_unused,
    // Orders.
    order_not_found,
    order_number_reused,
    order_number_paid,
    order_paid,
    order_closed,
    order_expired,
    order_locked,
    order_payer_differs,
    order_code_unknown,
    order_code_expired,
    order_reversal_only,
    order_not_reversible,
    // Refunds.
    refund_not_found,
    refund_number_reused,
    refund_order_not_found,
    refund_order_unpaid,
    refund_total_differs,
    refund_exceeds_payment,
    refund_count_exceeded,
    refund_window_closed,
    merchant_funds_insufficient,
    // Wallet.
    user_not_found,
    user_frozen,
    login_name_taken,
    payment_password_wrong,
    payment_password_locked,
    payment_key_reused,
    payment_not_found,
    funds_insufficient,
    balance_limit_exceeded,
    funding_source_not_found,
    funding_source_declined,
    account_not_found,
    payer_code_unknown,
    payer_code_expired,
    payer_code_spent,
    payer_codes_too_many,
    payer_confirmation_missed,
    // Between institutions.
    participant_suspended,
    participant_not_linked,
    currency_not_open,
    code_unowned,
    code_kind_not_open,
    institution_silent,
    resolve_token_unknown,
    position_limit_exceeded,
    transfer_expired,
    peer_declined,
    payment_reversed,
    payment_completed,
    payment_undecided,
    state_conflict,
    // Registry (operator door).
    participant_not_found,
    notice_not_found,
    notice_address_missing,
    id_taken,
    serial_taken,
    key_invalid,
    certificate_invalid,
    // Keys and sealed data.
    decryption_failed,
    key_file_unreadable,
    key_file_exposed,
    key_file_exists,
    // Arithmetic.
    amount_overflow,
    amount_not_positive,
    currency_mismatch,
    amount_mismatch,
    // The world.
    overloaded,
    outcome_unknown,
    store_stopped,
    store_failed,
    store_format_unknown,
    store_mismatch,
    data_directory_missing,
    data_directory_in_use,
    subject_key_missing,
    subject_key_erased,
    shutting_down,
    peer_unreachable,
    peer_refused,
    address_forbidden,
    url_malformed,
    peer_timeout,
    peer_certificate_invalid,
    peer_answer_malformed,
    peer_answer_too_large,
    plain_http_forbidden,
    listen_failed,
    tls_config_invalid,
    // Keep last: the number of rows in the table.
    count_
};

// What a no means for the record and for a retry (design section 1).
enum class ErrorKind : std::uint8_t {
    refusal,  // leaves no trace; a retry is judged anew
    decline,  // recorded as an entry; a retry with the same key gets the same no
    failure,  // the world broke; a retry with the same key is safe
};

struct ErrorRow {
    Error error;
    std::string_view name;  // the enumerator, for logs and JSON
    ErrorKind kind;
    std::uint16_t http_status;
    std::string_view
        wire_code;         // `code` in bodies of the merchant and wallet doors (wechatpay-v3 3.2)
    std::uint32_t number;  // after the dash of Request-ID (wechatpay-v3 3.4); 0: none is published
    bool retry_may_help;   // the same request, unchanged, may succeed later
    std::string_view text_zh;
    std::string_view text_en;
};

// The row of an error; never fails.
const ErrorRow& describe(Error error) noexcept;
// The error of a name as records keep it; count_ when no error has it.
Error error_named(std::string_view name) noexcept;

}  // namespace huitong
