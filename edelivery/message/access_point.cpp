#include "edelivery/message/access_point.hpp"

#include "base/ids.hpp"

namespace ehds::edelivery {

std::string new_message_id(access_point const& us) { return random_uuid() + "@" + us.domain; }

}  // namespace ehds::edelivery
