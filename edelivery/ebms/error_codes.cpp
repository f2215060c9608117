#include "edelivery/ebms/error_codes.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ehds::edelivery {

namespace {

constexpr std::array<ebms_code, 40> table{{
    {"EBMS:0001", "ValueNotRecognized", "failure", "Content", "A value in the message is not recognised"},
    {"EBMS:0002", "FeatureNotSupported", "warning", "Content", "A feature in the message is not supported"},
    {"EBMS:0003", "ValueInconsistent", "failure", "Content", "Values in the message do not agree"},
    {"EBMS:0004", "Other", "failure", "Content", "The message could not be accepted"},
    {"EBMS:0005", "ConnectionFailure", "failure", "Communication", "A connection failed", true},
    {"EBMS:0006", "EmptyMessagePartitionChannel", "warning", "Communication", "There is no message to pull", true},
    {"EBMS:0007", "MimeInconsistency", "failure", "Unpackaging", "The MIME packaging is not right"},
    {"EBMS:0008", "FeatureNotSupported", "failure", "Unpackaging", "A feature of the packaging is not supported"},
    {"EBMS:0009", "InvalidHeader", "failure", "Unpackaging", "The ebMS header is not valid"},
    {"EBMS:0010", "ProcessingModeMismatch", "failure", "Processing", "No processing mode fits the message"},
    {"EBMS:0011", "ExternalPayloadError", "failure", "Content", "A payload named by the header is not there"},
    {"EBMS:0020", "RoutingFailure", "failure", "Processing", "The message could not be routed", true},
    {"EBMS:0021", "MPCCapacityExceeded", "failure", "Processing", "The partition channel is full", true},
    {"EBMS:0022", "MessagePersistenceTimeout", "failure", "Processing", "The message was kept too long"},
    {"EBMS:0023", "MessageExpired", "warning", "Processing", "The message expired"},
    {"EBMS:0030", "BundlingError", "failure", "Content", "The bundle is not right"},
    {"EBMS:0031", "RelatedMessageFailed", "failure", "Processing", "A related message failed"},
    {"EBMS:0040", "BadFragmentGroup", "failure", "Content", "The fragment group is not right"},
    {"EBMS:0041", "DuplicateMessageSize", "failure", "Content", "The message size is given twice"},
    {"EBMS:0042", "DuplicateFragmentCount", "failure", "Content", "The fragment count is given twice"},
    {"EBMS:0043", "DuplicateMessageHeader", "failure", "Content", "The message header is given twice"},
    {"EBMS:0045", "DuplicateCompressionInfo", "failure", "Content", "The compression is given twice"},
    {"EBMS:0046", "DuplicateFragment", "failure", "Content", "A fragment came twice"},
    {"EBMS:0047", "BadFragmentStructure", "failure", "Unpackaging", "A fragment is not right"},
    {"EBMS:0048", "BadFragmentNum", "failure", "Content", "A fragment number is not right"},
    {"EBMS:0049", "BadFragmentCount", "failure", "Content", "The fragment count is not right"},
    {"EBMS:0050", "FragmentSizeExceeded", "warning", "Unpackaging", "A fragment is too large"},
    {"EBMS:0051", "ReceiveIntervalExceeded", "failure", "Unpackaging", "Fragments came too late", true},
    {"EBMS:0052", "BadProperties", "warning", "Unpackaging", "Fragment properties are not right"},
    {"EBMS:0053", "HeaderMismatch", "failure", "Unpackaging", "Fragment headers do not agree"},
    {"EBMS:0054", "OutOfStorageSpace", "failure", "Unpackaging", "There is no space to store the message", true},
    {"EBMS:0055", "DecompressionError", "failure", "Unpackaging", "The message could not be unpacked"},
    {"EBMS:0101", "FailedAuthentication", "failure", "Processing", "The signature could not be accepted"},
    {"EBMS:0102", "FailedDecryption", "failure", "Processing", "The message could not be decrypted"},
    {"EBMS:0103", "PolicyNoncompliance", "failure", "Processing", "The message does not follow the agreed security"},
    {"EBMS:0201", "DysfunctionalReliability", "failure", "Processing", "Reliable messaging does not work", true},
    {"EBMS:0202", "DeliveryFailure", "failure", "Communication", "The message cannot be taken now; try again", true},
    {"EBMS:0301", "MissingReceipt", "failure", "Communication", "No receipt came"},
    {"EBMS:0302", "InvalidReceipt", "failure", "Communication", "The receipt is not right"},
    {"EBMS:0303", "DecompressionFailure", "failure", "Communication", "A payload could not be unpacked"},
}};

struct meaning {
  std::string_view problem_prefix;
  std::string_view code;
};

// The first that fits counts.
constexpr std::array<meaning, 20> meanings{{
    {"edelivery.mime.", "EBMS:0007"},
    {"edelivery.header.", "EBMS:0009"},
    {"edelivery.value.unknown", "EBMS:0001"},
    // Clocks are set right and time passes: the same message may be taken later. ebMS has no code for that but this
    // one.
    {"edelivery.value.too_old", "EBMS:0202"},
    {"edelivery.value.in_future", "EBMS:0202"},
    {"edelivery.value.", "EBMS:0003"},
    {"edelivery.duplicate.", "EBMS:0003"},
    {"edelivery.feature.", "EBMS:0008"},
    {"edelivery.pmode.", "EBMS:0010"},
    {"edelivery.payload.", "EBMS:0011"},
    {"edelivery.compression.", "EBMS:0303"},
    // Our list is late, the partner did nothing wrong: it may try again.
    {"edelivery.authentication.revocation_unknown", "EBMS:0202"},
    {"edelivery.authentication.", "EBMS:0101"},
    {"edelivery.certificate.", "EBMS:0101"},
    {"edelivery.decryption.", "EBMS:0102"},
    {"edelivery.policy.", "EBMS:0103"},
    {"edelivery.receipt.missing", "EBMS:0301"},
    {"edelivery.receipt.", "EBMS:0302"},
    {"edelivery.storage.", "EBMS:0202"},
    {"edelivery.", "EBMS:0004"},
}};

}  // namespace

std::span<ebms_code const> ebms_codes() { return table; }

ebms_code const* find_ebms_code(std::string_view code) {
  auto const found = std::ranges::find(table, code, &ebms_code::code);
  return found == table.end() ? nullptr : &*found;
}

ebms_code const& ebms_code_of(problem const& p) {
  auto const fits = [&](meaning const& m) { return p.code.starts_with(m.problem_prefix); };
  auto const found = std::ranges::find_if(meanings, fits);
  auto const* const code = find_ebms_code(found == meanings.end() ? "EBMS:0004" : found->code);
  if (code == nullptr) throw std::logic_error{"a problem means an ebMS code that is not in the table"};
  return *code;
}

}  // namespace ehds::edelivery
