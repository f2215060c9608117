#pragma once
// What nearly every unit reads, read once (room.cmake). The templates of JSON are made once too, in precompiled.cpp:
// made in every unit, they were a seventh of its compile time.
#include <algorithm>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

extern template class nlohmann::basic_json<>;
extern template class std::vector<nlohmann::json>;
extern template class std::map<std::string, nlohmann::json, std::less<>>;
