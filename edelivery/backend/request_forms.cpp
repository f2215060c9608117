#include "edelivery/backend/request_forms.hpp"

#include <algorithm>
#include <span>

#include "base/slips.hpp"
#include "edelivery/ebms/element_sequence.hpp"

namespace ehds::edelivery::backend {
namespace {

struct form {
  std::string_view request;
  std::vector<std::string_view> children;  // a sequence
  std::vector<std::string_view> attributes;
  bool repeats = false;  // the one child comes any number of times
};

std::vector<form> const& forms() {
  static std::vector<form> const all{
      {"submitRequest", {"payload"}, {}, true},
      {"listPendingMessagesRequest",
       {"messageId", "conversationId", "refToMessageId", "fromPartyId", "finalRecipient", "originalSender",
        "receivedFrom", "receivedTo"},
       {}},
      {"retrieveMessageRequest", {"messageID"}, {"markAsDownloaded"}},
      {"statusRequest", {"messageID"}, {}},
      {"statusRequestWithAccessPointRole", {"messageID", "accessPointRole"}, {}},
      {"getErrorsRequest", {"messageID"}, {}},
      {"getErrorsRequestWithAccessPointRole", {"messageID", "accessPointRole"}, {}},
      {"markMessageAsDownloadedRequest", {"messageID"}, {}},
      {"listPushFailedMessagesRequest",
       {"messageId", "finalRecipient", "originalSender", "receivedFrom", "receivedTo"},
       {}},
      {"rePushFailedMessagesRequest", {"messageID"}, {}, true},
  };
  return all;
}

// `taken`: how many of the children it knows may not come any more.
problem not_there(xml::node child, form const& known, std::size_t taken) {
  problem wrong{"edelivery.backend.value",
                "an element stands where the plug-in's schema has none",
                place_below(std::string(known.request), child.name()),
                {}};
  auto const is_known = std::ranges::find(known.children, child.name()) != known.children.end();
  std::vector<std::string> const all(known.children.begin(), known.children.end());
  if (std::ranges::find(known.attributes, child.name()) != known.attributes.end())
    wrong.mend =
        "write it as an attribute: <" + std::string(known.request) + " " + std::string(child.name()) + "=\"..\">";
  else if (!is_known)
    wrong.mend = did_you_mean(child.name(), all) + "there may stand " + listed(all);
  else if (!child.namespace_uri().empty())
    wrong.mend = "write <" + std::string(child.name()) + "> without a namespace";
  else if (taken > 0 && known.children[taken - 1] == child.name())
    wrong.mend = "write it once";
  else
    wrong.mend = "write them in this order: " + listed(known.children);
  return wrong;
}

}  // namespace

std::vector<std::string> request_names() {
  std::vector<std::string> all;
  for (auto const& each : forms()) all.emplace_back(each.request);
  return all;
}

bool is_request(std::string_view name) { return std::ranges::find(forms(), name, &form::request) != forms().end(); }

result<void> check_form(xml::node asked) {
  auto const known = std::ranges::find(forms(), asked.name(), &form::request);
  if (auto const good = only_attributes(asked, known->attributes, std::string(known->request)); !good) return good;
  std::size_t taken = 0;
  for (auto const child : asked.children()) {
    auto const left = std::span(known->children).subspan(taken);
    auto const at = std::ranges::find(left, child.name());
    if (at == left.end() || !child.namespace_uri().empty()) return not_there(child, *known, taken);
    if (!known->repeats) taken += static_cast<std::size_t>(at - left.begin()) + 1;
  }
  return {};
}

}  // namespace ehds::edelivery::backend
