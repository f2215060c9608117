// ServiceGroup of both versions: OASIS SMP 1.0, 2.2 (addresses that end with the document) and 2.0, 4.2.
#include <algorithm>

#include "base/percent.hpp"
#include "edelivery/discovery/record_elements.hpp"

namespace ehds::edelivery {

result<service_group> read_service_group(std::string_view bytes) {
  auto const document = xml::document::parse(bytes, record_limits());
  if (!document) return document.error();
  auto const root = document->root();
  bool const older = root.is(ns::smp1, "ServiceGroup");
  if (!older && !root.is(ns::smp2_group, "ServiceGroup"))
    return problem{"edelivery.discovery.version", "The publisher's answer is no service group of SMP 1.0 or 2.0.", "",
                   ""};
  auto participant = older ? identifier_in(root, ns::smp1, "ParticipantIdentifier", "scheme")
                           : identifier_in(root, ns::smb, "ParticipantID", "schemeID");
  if (!participant) return std::move(participant).error();
  service_group read{*std::move(participant), {}};
  auto const list = older ? root.child(ns::smp1, "ServiceMetadataReferenceCollection") : std::optional(root);
  if (!list) return bad_record("It needs a ServiceMetadataReferenceCollection.", root);
  for (auto const& each :
       older ? list->children(ns::smp1, "ServiceMetadataReference") : list->children(ns::sma, "ServiceReference")) {
    if (read.documents.size() == most_documents) break;
    if (older) {
      auto const address = each.attribute("href").value_or("");
      auto const mark = address.rfind("/services/");
      if (mark != std::string::npos)
        read.documents.push_back(percent_decode_leniently(std::string_view(address).substr(mark + 10)));
    } else if (auto const id = identifier_in(each, ns::smb, "ID", "schemeID")) {
      read.documents.push_back(to_text(*id));
    }
  }
  return read;
}

}  // namespace ehds::edelivery
