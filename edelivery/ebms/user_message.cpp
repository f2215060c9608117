#include "edelivery/ebms/user_message.hpp"

#include <algorithm>

namespace ehds::edelivery {

std::string part_info::property(std::string_view name) const {
  auto const found = std::ranges::find(properties, name, &message_property::name);
  return found == properties.end() ? std::string{} : found->value;
}

}  // namespace ehds::edelivery
