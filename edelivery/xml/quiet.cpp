#include "edelivery/xml/quiet.hpp"

#include <libxml/globals.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

namespace ehds::edelivery::xml {
namespace {

void say_nothing(void*, char const*, ...) {}  // NOLINT(cert-dcl50-cpp): libxml2's own form

}  // namespace

void keep_libxml2_quiet() {
  xmlInitParser();
  xmlSetGenericErrorFunc(nullptr, &say_nothing);
  xmlThrDefSetGenericErrorFunc(nullptr, &say_nothing);
}

}  // namespace ehds::edelivery::xml
