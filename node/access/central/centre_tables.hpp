#pragma once
// The tables of the centre: drafts with their files, submitted applications, the status vector, what happened.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/access/archive/application_archive.hpp"
#include "node/access/central/centre_views.hpp"
#include "node/store/database.hpp"

namespace ehds::node::access::tables {

std::vector<store::migration> centre_migrations();

struct stored_draft {
  std::string draft_id;
  std::string owner;
  std::string type;
  std::string release;
  std::string form_json;
  std::string datasets_json;  // an application envelope holding the datasets alone
  std::int64_t version = 0;
  instant updated;
};
std::optional<stored_draft> draft_of(store::reading& now, std::string_view draft_id, std::string_view owner);
std::vector<stored_draft> drafts_of(store::reading& now, std::string_view owner);
void write_draft(store::transaction& tx, stored_draft const& draft);
void forget_draft(store::transaction& tx, std::string_view draft_id);

std::vector<attached_file> draft_files(store::reading& now, std::string_view draft_id);  // with their bytes
std::vector<attachment> draft_file_list(store::reading& now, std::string_view draft_id);
void write_draft_file(store::transaction& tx, std::string_view draft_id, attached_file const& file);
void forget_draft_file(store::transaction& tx, std::string_view draft_id, std::string_view attachment_id);

struct stored_application {
  std::string application_id;
  std::string owner;
  std::string metadata_json;
  instant submitted;
};
void insert_application(store::transaction& tx, stored_application const& application, std::string_view type,
                        std::string_view title, std::string_view zip);
void write_metadata(store::transaction& tx, std::string_view application_id, std::string_view metadata_json);
std::optional<stored_application> application_of(store::reading& now, std::string_view application_id);
std::vector<application_line> application_lines(store::reading& now, std::string_view owner);

std::vector<authority_status> vector_of(store::reading& now, std::string_view application_id);
void write_status(store::transaction& tx, std::string_view application_id, authority_status const& status);
// Of two words of an authority about the same thing (status, turn, permit, decision, questions) the one with the higher
// number of its case's events counts, whichever is heard last. Remembers the number; false: a newer one was heard.
bool is_newest_word(store::transaction& tx, std::string_view application_id, authority_status const& of,
                    std::string_view about, std::int64_t sequence);
// The authority learns its own name for itself from its first message.
void rename_authority(store::transaction& tx, std::string_view application_id, std::string_view country,
                      std::string_view from, std::string_view to);

void insert_line(store::transaction& tx, std::string_view application_id, application_event_line const& line);
std::vector<application_event_line> lines_of(store::reading& now, std::string_view application_id);

// What was asked under an idempotency key, and what was answered.
struct command_key {
  std::string key;          // with the deed and the person in front
  std::string fingerprint;  // of what is asked
};
command_key key_for(std::string_view deed, std::string_view person, std::string_view given,
                    std::vector<std::string_view> const& content);
// The answer that was given under the key before; none: it is new. Problem access.command.reused when it was given to
// another content.
result<std::optional<std::string>> answer_under(store::reading& now, command_key const& key);
void insert_key(store::transaction& tx, command_key const& key, std::string_view answer);

}  // namespace ehds::node::access::tables
