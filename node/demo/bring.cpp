#include "node/demo/bring.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

std::string bytes_of(std::filesystem::path const& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(bytes).str();
}

void print(std::filesystem::path const& file, std::string const& door, int status, std::string const& body) {
  tell(file.filename().string() + " → " + door + ": HTTP " + std::to_string(status));
  std::istringstream lines(body.substr(0, 2000));
  for (std::string line; std::getline(lines, line);) tell("  " + line);
}

// A raw message: HTTP headers in front, or the bare body.
http_call_request message_of(std::string bytes) {
  http_call_request request;
  request.method = "POST";
  std::string type = "application/soap+xml";
  auto const blank = bytes.find("\r\n\r\n") != std::string::npos ? bytes.find("\r\n\r\n") : bytes.find("\n\n");
  if (blank != std::string::npos && bytes.front() != '<' && !bytes.starts_with("--")) {
    std::istringstream head(bytes.substr(0, blank));
    for (std::string line; std::getline(head, line);) {
      auto const colon = line.find(':');
      std::string name = line.substr(0, colon);
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (name == "content-type" && colon != std::string::npos)
        type = line.substr(line.find_first_not_of(' ', colon + 1));
    }
    while (!type.empty() && type.back() == '\r') type.pop_back();
    bytes.erase(0, blank + (bytes[blank] == '\r' ? 4 : 2));
  }
  request.headers = {{"Content-Type", type}};
  request.body = std::move(bytes);
  return request;
}

void bring_record(network& net, std::filesystem::path const& file, std::string const& type) {
  auto const answer = net.as("FR", "editor").put("/api/datasets", bytes_of(file), type);
  print(file, "the catalogue", answer.status, answer.body.is_object() ? answer.body.dump(1) : answer.text);
}

void bring_application(network& net, std::filesystem::path const& file) {
  auto const answer = net.as("FR", "screener").post_bytes("/api/cases", bytes_of(file), "application/zip");
  print(file, "the desk", answer.status, answer.body.is_object() ? answer.body.dump(1) : answer.text);
}

void bring_message(network& net, std::filesystem::path const& file) {
  auto request = message_of(bytes_of(file));
  request.url = net.node("FR").url() + "/as4";
  auto const answer = net.wire().call(request);
  must(answer.has_value(), "the access point does not answer");
  print(file, "the access point", answer->status, answer->body);
}

}  // namespace

void answer_what_was_brought(network& net, std::filesystem::path const& folder) {
  tell_step(10, "What was brought in " + folder.string());
  must(std::filesystem::is_directory(folder), folder.string() + " is not a folder");
  static std::map<std::string, std::string> const records{{".ttl", "text/turtle"},
                                                          {".rdf", "application/rdf+xml"},
                                                          {".xml", "application/rdf+xml"},
                                                          {".nt", "application/n-triples"}};
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  for (auto const& file : files) {
    auto const suffix = file.extension().string();
    bool const is_soap =
        suffix == ".xml" && bytes_of(file).find("http://www.w3.org/2003/05/soap-envelope") != std::string::npos;
    if (auto const record = records.find(suffix); record != records.end() && !is_soap) {
      bring_record(net, file, record->second);
    } else if (suffix == ".zip") {
      bring_application(net, file);
    } else {
      bring_message(net, file);
    }
  }
}

}  // namespace ehds::node::demo
