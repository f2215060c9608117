#pragma once
// What the health services do for one person: contacts, dispensations, operations and readings that follow from the
// illnesses, and the seasonal infections that everybody gets.
#include "connectors/data/synthetic/life.hpp"
#include "connectors/data/synthetic/random_stream.hpp"

namespace ehds::connectors::synthetic {

void receive_care(random_stream& chance, life& told);

}  // namespace ehds::connectors::synthetic
