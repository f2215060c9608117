#pragma once
// Sending through another access point of ours, a Domibus: it takes the message, signs it, sends and repeats it by its
// own rules, and here is asked what became of it. Pure functions, as in outbound.hpp: a row and its memory in, both
// out.
//
//   queued -> in_flight -> waiting (taken) -> in_flight (asking) -> waiting ... -> delivered: the partner acknowledged
//                |                                                          `----> failed: it gave up, or lost it
//                `-> waiting, failed: not taken, as in outbound.hpp
//
// Attempts are those to hand it over; questions are not counted as such and have no end: whoever took a message answers
// for it.
#include <optional>
#include <string>

#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/sender/outbound.hpp"

namespace ehds::edelivery {

// Kept beside the row from the moment when the message was taken.
struct handed_over {
  int questions = 0;      // asked since; 0: not yet
  int unknown_for = 0;    // answers in a row that say: never heard of
  std::string said = {};  // the last status, in its own word

  bool operator==(handed_over const&) const = default;
};

// Takes the lease for a question. To be made durable before it is asked.
outbound begin_question(outbound row, pmode const& mode, instant now);

// It has the message now.
outbound on_taken(outbound row, pmode const& mode, instant now, double random);

// It refuses the message. Its codes mean what the EBMS codes mean, or the nearest of them.
outbound on_fault(outbound row, backend::plugin_fault const& fault, pmode const& mode, instant now, double random);
std::string code_of_fault(backend::plugin_fault const& fault);

// Does this status mean that more is to be known than the word: why it gave up?
bool is_given_up(backend::message_status status);

// What it says of the message; `why` are its errors, where it gave up. Counts the question.
outbound on_status(outbound row, handed_over& memory, backend::message_status status, backend::errors_answer const& why,
                   pmode const& mode, instant now, double random);
// It did not answer the question: EBMS:0005 until it does.
outbound on_no_status(outbound row, handed_over& memory, std::string_view why, pmode const& mode, instant now,
                      double random);

}  // namespace ehds::edelivery
